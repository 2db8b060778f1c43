# Needs Python 3.11 or later.
"""Soup and cake: awaited one after another, and gathered."""
import asyncio
import selectors


async def cook(dish, minutes):
    await asyncio.sleep(60 * minutes)
    return dish


async def in_turn(minutes):
    soup = await cook("soup", minutes)  # the cake isn't begun yet
    cake = await cook("cake", minutes)
    return soup, cake


async def at_once(minutes):
    return await asyncio.gather(cook("soup", minutes), cook("cake", minutes))


async def main():
    now = asyncio.get_running_loop().time
    for way in in_turn, at_once:
        start = now()
        dishes = await way(3)
        print(*dishes, f"after {(now() - start) / 60:.0f} min")


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
