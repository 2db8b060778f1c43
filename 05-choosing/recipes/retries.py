# Needs Python 3.11 or later.
"""A server is down twice. Then it refuses the password, and then it stays down."""
import asyncio
import random


async def retry(call, seconds, retry_on=(ConnectionError, TimeoutError),
                pause=0.1, longest=5.0):
    """Calls until it succeeds. All tries together take no longer than that."""
    now = asyncio.get_running_loop().time
    end = now() + seconds
    while True:
        try:
            async with asyncio.timeout_at(end):
                return await call()
        except retry_on as error:  # what may get better by itself
            wait = random.uniform(0, pause) + getattr(error, "retry_after", 0)  # the server may say when
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

    for seconds in 60, 60, 0.1:
        try:
            print("answer:", await retry(ask, seconds))
        except (ConnectionError, ValueError) as error:
            print("failed:", error)


if __name__ == "__main__":
    asyncio.run(main())
