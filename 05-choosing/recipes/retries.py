# Needs Python 3.11 or later.
"""A server is busy twice, another one always; a third says that you're wrong."""
import asyncio
import itertools
import random
import selectors


async def retry(call, seconds, base=0.1, longest=5.0):
    """Calls until it succeeds. All tries together take no longer than that."""
    now = asyncio.get_running_loop().time
    end = now() + seconds
    for n in itertools.count():
        try:
            async with asyncio.timeout_at(end):
                return await call(n + 1)
        except ConnectionError:  # nothing else gets better by itself
            pause = random.uniform(0, min(longest, base * 2**n))
            if now() + pause >= end:
                raise
        await asyncio.sleep(pause)


async def main():
    async def busy_twice(n):
        if n < 3:
            raise ConnectionError("busy")
        return f"ok at try {n}"

    async def always_busy(n):
        raise ConnectionError("still busy")

    async def wrong(n):
        raise ValueError(f"refused at try {n}")

    for call in busy_twice, always_busy, wrong:
        try:
            print(await retry(call, seconds=60))
        except (ConnectionError, ValueError) as error:
            print(error)


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
