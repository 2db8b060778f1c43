# Needs Python 3.11 or later.
"""Rows come one by one, and are stored by three, or after a moment."""
import asyncio


async def batches(queue, size, seconds):
    """Yields lists: so many items, or what has come in that time. A None ends it."""
    item = await queue.get()
    while item is not None:
        batch = [item]
        try:
            async with asyncio.timeout(seconds):  # from the first one on
                while len(batch) < size and (item := await queue.get()) is not None:
                    batch.append(item)
        except TimeoutError:
            pass
        except asyncio.CancelledError:  # what it holds isn't lost
            yield batch
            raise
        yield batch
        if item is not None:
            item = await queue.get()


async def main():
    rows = asyncio.Queue(maxsize=100)  # if it's full, put() waits
    for row in 1, 2, 3, 4, 5:
        await rows.put(row)
    async for batch in batches(rows, size=3, seconds=0.05):  # yours: 500, 1
        print("stored:", *batch)
        if 5 in batch:
            await rows.put(6)
            await rows.put(None)  # no more will come


if __name__ == "__main__":
    asyncio.run(main())
