"""An event loop answers requests. Do they wait for a computation?"""
import asyncio
from concurrent.futures import ProcessPoolExecutor


async def serve(where, compute):
    answered = 0

    async def computation():
        await compute()
        print(where, answered, "of 2 requests were answered meanwhile")

    async def answer():
        nonlocal answered
        for _ in range(2):
            answered += 1
            await asyncio.sleep(0)  # until the next one

    async with asyncio.TaskGroup() as group:
        group.create_task(computation())
        group.create_task(answer())


async def in_the_loop():
    sum(range(1_000_000))


async def main():
    await serve("computing in the loop:", in_the_loop)
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(1) as pool:
        await serve("computing elsewhere:  ", lambda: loop.run_in_executor(
            pool, sum, range(1_000_000)))


if __name__ == "__main__":
    asyncio.run(main())
