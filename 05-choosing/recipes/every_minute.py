# Needs Python 3.11 or later.
"""A job is due every minute. Its second run takes longer than that."""
import asyncio
import logging
import selectors


async def every(seconds, job):
    """Runs the job at even intervals, one run at a time. What's missed is left out."""
    now = asyncio.get_running_loop().time
    due = now()
    while True:
        try:
            await job()
        except Exception:  # or it would never run again
            logging.exception("this run failed")
        missed = max(0, (now() - due) // seconds)  # a timer may be a bit early
        due += (missed + 1) * seconds  # not now() + seconds: that drifts
        await asyncio.sleep(due - now())


async def main():
    now = asyncio.get_running_loop().time
    start, takes = now(), iter([10, 80, 10])  # seconds

    async def job():
        print(f"begins at {now() - start:.0f} s")
        await asyncio.sleep(next(takes))

    try:
        async with asyncio.timeout(200):
            await every(60, job)
    except TimeoutError:
        print("stopped")


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
