# Needs Python 3.11 or later.
"""Three shops are asked; one fails, and the others are stopped."""
import asyncio


async def ask(shop):
    if shop == "B":
        raise ConnectionError("shop B doesn't answer")
    await asyncio.sleep(3600)


async def main():
    tasks = {}
    try:
        async with asyncio.TaskGroup() as group:  # waits for all of them
            for shop in "A", "B", "C":
                tasks[shop] = group.create_task(ask(shop))
    except* ConnectionError as group:
        print("failed:", group.exceptions[0])
    for shop, task in tasks.items():
        if task.cancelled():
            print(f"shop {shop}: stopped")


if __name__ == "__main__":
    asyncio.run(main())
