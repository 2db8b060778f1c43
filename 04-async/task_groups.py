# Needs Python 3.11 or later.
"""The soup burns. What happens to the cake?"""
import asyncio


async def burn_soup():
    await asyncio.sleep(0)  # lets the cake begin
    raise RuntimeError("the soup is burnt")


async def bake_cake(timer):
    try:
        await timer.wait()
        print("the cake is ready")
    except asyncio.CancelledError:
        print("the cake is put away")
        raise


async def gathered(timer):
    cake = asyncio.create_task(bake_cake(timer))
    try:
        await asyncio.gather(burn_soup(), cake)
    except RuntimeError as error:
        print("gather says", error)
    timer.set()
    await cake


async def in_group(timer):
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(burn_soup())
            group.create_task(bake_cake(timer))
    except* RuntimeError as group:  # an ExceptionGroup
        print("the group says", group.exceptions[0])


if __name__ == "__main__":
    asyncio.run(gathered(asyncio.Event()))
    asyncio.run(in_group(asyncio.Event()))
