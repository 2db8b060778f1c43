# Needs Python 3.11 or later.
"""Three guests have a minute each. Are they gone by then?"""
import asyncio
import selectors

payments = set()


async def polite():
    try:
        await asyncio.sleep(3600)
    finally:  # it cleans up; this await isn't cancelled
        await asyncio.sleep(120)


async def stubborn():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:  # it doesn't raise it again
        await asyncio.sleep(3600)


async def paying():
    payment = asyncio.create_task(asyncio.sleep(300))
    payments.add(payment)  # for main to wait for it
    await asyncio.shield(payment)


async def main():
    now = asyncio.get_running_loop().time
    for guest in polite, stubborn, paying:
        start, ends = now(), "no error"
        try:
            async with asyncio.timeout(60):
                await guest()
        except TimeoutError:
            ends = "a timeout"
        print(f"{guest.__name__}: {ends} after {(now() - start) / 60:.0f} min")
    await asyncio.wait(payments)
    print(f"paying: all is paid after {(now() - start) / 60:.0f} min")


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
