# Needs Python 3.11 or later.
"""Photos are opened, shrunk and uploaded. The upload is slow, so the others wait."""
import asyncio
import selectors

opened = 0


async def open_all(large):
    global opened
    for photo in range(1, 8):
        opened += 1
        await large.put(photo)  # waits until there's room
    await large.put(None)  # no more will come


async def shrink(large, small):
    while (photo := await large.get()) is not None:
        await small.put(photo)
    await small.put(None)


async def upload(small):
    while (photo := await small.get()) is not None:
        await asyncio.sleep(1)
        print(f"photo {photo} is up, {opened} were opened")


async def main():
    large, small = asyncio.Queue(maxsize=1), asyncio.Queue(maxsize=1)
    async with asyncio.TaskGroup() as stages:  # one fails: all end
        stages.create_task(open_all(large))
        stages.create_task(shrink(large, small))
        stages.create_task(upload(small))


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
