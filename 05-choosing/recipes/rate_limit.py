"""Five requests come at once, and leave one after another."""
import asyncio


class RateLimit:
    """Allows so many calls a second, a gap apart, first come, first served."""

    def __init__(self, per_second):
        self.gap, self.free, self.line = 1 / per_second, 0.0, asyncio.Lock()

    async def wait(self):
        now = asyncio.get_running_loop().time
        async with self.line:
            turn = max(now(), self.free)
            await asyncio.sleep(turn - now())
            self.free = now() + self.gap  # if you give up before, no turn is lost


async def main():
    limit = RateLimit(per_second=50)  # one for all

    async def request(number):
        await limit.wait()
        print("sent:", number)

    await asyncio.gather(*(request(number) for number in range(1, 6)))


if __name__ == "__main__":
    asyncio.run(main())
