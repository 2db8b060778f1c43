# Needs Python 3.11 or later.
"""Two dishes at a time, and all stop when one is burnt."""
import asyncio


async def main():
    stoves, roast_is_in = asyncio.Semaphore(2), asyncio.Event()
    became = {}

    async def boil_soup():
        return "done"

    async def bake_cake():
        await roast_is_in.wait()
        raise RuntimeError("burnt")

    async def roast():
        roast_is_in.set()
        await asyncio.sleep(3600)

    async def cook(dish, prepare):
        became[dish] = "given up"
        async with stoves:
            became[dish] = await prepare()

    try:
        async with asyncio.TaskGroup() as group:
            for dish, prepare in ("soup", boil_soup), ("cake", bake_cake), ("roast", roast), ("pie", roast):
                group.create_task(cook(dish, prepare))
    except* RuntimeError as errors:
        became["cake"] = str(errors.exceptions[0])
    for dish, what in became.items():
        print(f"{dish}: {what}")


if __name__ == "__main__":
    asyncio.run(main())
