# Needs Python 3.11 or later.
"""Five requests come at once, and leave at two a second."""
import asyncio
import selectors


class RateLimit:
    """Allows so many calls a second, evenly spaced."""

    def __init__(self, per_second):
        self.gap, self.free = 1 / per_second, 0.0

    async def wait(self):
        now = asyncio.get_running_loop().time()
        turn = max(now, self.free)
        self.free = turn + self.gap  # taken, before anybody else can run
        await asyncio.sleep(turn - now)


async def main():
    now = asyncio.get_running_loop().time
    limit, start = RateLimit(per_second=2), now()

    async def request():
        await limit.wait()
        print(f"sent at {now() - start:.1f} s")

    await asyncio.gather(*(request() for _ in range(5)))


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
