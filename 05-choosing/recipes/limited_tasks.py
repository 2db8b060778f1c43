# Needs Python 3.11 or later.
"""Seven pages are wanted, and three are fetched at a time."""
import asyncio


async def at_most(limit, work, items):
    """Works on so many items at a time. The results are in the items' order."""
    slots = asyncio.Semaphore(limit)

    async def one(item):
        async with slots:  # waits while so many are at work
            return await work(item)

    async with asyncio.TaskGroup() as group:  # an error stops the rest
        tasks = [group.create_task(one(item)) for item in items]
    return [task.result() for task in tasks]


async def fetch(number):
    await asyncio.sleep(0.01)  # put your request here
    return f"page {number}"


async def main():
    pages = await at_most(3, fetch, range(1, 8))
    print(*pages, sep=", ")


if __name__ == "__main__":
    asyncio.run(main())
