# Needs Python 3.11 or later.
"""The soup burns. What happens to the cake?"""
import asyncio
import selectors


async def burn_soup():
    await asyncio.sleep(60)
    raise RuntimeError("the soup is burnt")


async def bake_cake():
    try:
        await asyncio.sleep(180)
    except asyncio.CancelledError:
        say("the cake is put away")
        raise
    say("the cake is ready")


def say(what):
    print(f"{asyncio.get_running_loop().time() / 60:.0f} min: {what}")


async def gathered():
    cake = asyncio.create_task(bake_cake())
    try:
        await asyncio.gather(burn_soup(), cake)
    except RuntimeError as error:
        say(f"gather says {error}")
    await cake


async def in_group():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(burn_soup())
            group.create_task(bake_cake())
    except* RuntimeError as group:  # an ExceptionGroup
        say(f"the group says {group.exceptions[0]}")


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
    run(gathered)
    run(in_group)
