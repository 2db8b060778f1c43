"""An event loop answers requests, and computes: which has to wait?"""
import asyncio


async def serve(how, pauses):
    answered = 0

    async def compute():
        for _ in range(3):
            sum(range(100_000))  # computes
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
