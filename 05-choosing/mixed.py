"""An event loop answers requests, and computes: which has to wait?"""
import asyncio


def count_primes(low, high):
    """Counts the primes from low up to, but without, high, by trial division."""
    found = 0
    for n in range(max(low, 2), high):
        d = 2
        while d * d <= n and n % d:
            d += 1
        found += d * d > n
    return found


async def serve(how, pauses):
    answered = 0

    async def compute():
        for _ in range(3):
            count_primes(0, 1000)
            if pauses:
                await asyncio.sleep(0)  # let the others go on
        print(how, answered, "of 3 requests were answered meanwhile")

    async def answer():
        nonlocal answered
        for _ in range(3):
            answered += 1
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        group.create_task(compute())
        group.create_task(answer())


async def main():
    await serve("computing in one go:  ", pauses=False)
    await serve("computing with pauses:", pauses=True)


if __name__ == "__main__":
    asyncio.run(main())
