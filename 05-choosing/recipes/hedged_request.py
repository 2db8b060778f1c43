# Needs Python 3.11 or later.
"""The first replica is slow. After a second the next one is asked, too."""
import asyncio
import selectors


async def hedged(calls, patience):
    """Begins the next call after that time, or after an error. The first answer wins."""
    calls, running, errors = list(calls), set(), []
    try:
        while calls or running:
            if calls:
                running.add(asyncio.create_task(calls.pop(0)()))
            done, running = await asyncio.wait(
                running, timeout=patience if calls else None,
                return_when=asyncio.FIRST_COMPLETED)
            errors += filter(None, [task.exception() for task in done])  # of all
            for task in done:
                if not task.exception():
                    return task.result()
        raise ExceptionGroup("nobody answered", errors)
    finally:  # the losers
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def main():
    now = asyncio.get_running_loop().time

    def replica(name, seconds):
        async def ask():
            await asyncio.sleep(seconds)
            return name
        return ask

    replicas = [replica("first", 9), replica("second", 2), replica("third", 60)]
    start = now()
    winner = await hedged(replicas, patience=1)
    print(f"the {winner} answers after {now() - start:.0f} s")


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
