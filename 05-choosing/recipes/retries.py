# Needs Python 3.11 or later.
"""A server is down twice. Then it refuses the password, and then it stays down."""
import asyncio
import random
import selectors


async def retry(call, seconds, retry_on=(ConnectionError, TimeoutError),
                pause=0.1, longest=5.0):
    """Calls until it succeeds. All tries together take no longer than that."""
    now = asyncio.get_running_loop().time
    end = now() + seconds
    while True:
        try:
            async with asyncio.timeout_at(end):
                return await call()
        except retry_on:  # what may get better by itself
            wait = random.uniform(0, pause)
            if now() + wait >= end:  # so also if it was the deadline itself
                raise
        pause = min(2 * pause, longest)
        await asyncio.sleep(wait)


async def main():
    down = ConnectionError("unavailable")
    answers = iter([down, down, "ok", ValueError("wrong password")])

    async def ask():
        answer = next(answers, down)
        if isinstance(answer, Exception):
            raise answer
        return answer

    for _ in range(3):
        try:
            print("answer:", await retry(ask, seconds=60))
        except (ConnectionError, ValueError) as error:
            print("failed:", error)


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
