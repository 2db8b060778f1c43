"""A server computes in processes, so that it still answers."""
import asyncio
from concurrent.futures import ProcessPoolExecutor


def primes_below(n):  # at the top of the file: a process has to find it
    return sum(all(k % d for d in range(2, int(k**0.5) + 1)) for k in range(2, n))


async def handle(pool, n):
    loop = asyncio.get_running_loop()
    return f"{await loop.run_in_executor(pool, primes_below, n)} primes below {n}"


async def main():
    with ProcessPoolExecutor() as pool:  # once, when the server starts
        requests = [handle(pool, n) for n in (1000, 5000, 10000)]
        for answer in await asyncio.gather(*requests):
            print(answer)


if __name__ == "__main__":
    asyncio.run(main())
