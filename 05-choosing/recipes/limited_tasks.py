# Needs Python 3.11 or later.
"""Seven pages are wanted, and three are fetched at a time."""
import asyncio
import selectors


async def at_most(limit, work, items):
    """Works on so many items at a time. The results are in the items' order."""
    places = asyncio.Semaphore(limit)

    async def one(item):
        async with places:  # waits while so many are at work
            return await work(item)

    async with asyncio.TaskGroup() as group:  # an error stops the rest
        tasks = [group.create_task(one(item)) for item in items]
    return [task.result() for task in tasks]


async def main():
    now = asyncio.get_running_loop().time
    start = now()

    async def fetch(page):
        await asyncio.sleep(1)  # put your request here
        return f"page {page} came after {now() - start:.0f} s"

    for text in await at_most(3, fetch, range(1, 8)):
        print(text)


def run(main):
    """Runs main in virtual time: instead of waiting, the clock jumps."""
    class Clock(selectors.DefaultSelector):
        now = 0.0

        def select(self, timeout=None):
            self.now += timeout or 0
            return super().select(timeout and 0)

    loop = asyncio.SelectorEventLoop(clock := Clock())
    loop.time = lambda: clock.now
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(main())


if __name__ == "__main__":
    run(main)
