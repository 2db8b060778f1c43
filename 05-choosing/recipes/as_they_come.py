# Needs Python 3.11 or later.
"""Three stations are asked at once, and each answer is shown as it comes."""
import asyncio
import selectors

TAKES = {"Oslo": 3, "Rome": 1, "Bern": 2}  # seconds


async def ask(city):
    await asyncio.sleep(TAKES[city])
    if city == "Bern":
        raise ConnectionError("the station is closed")
    return 21


async def named(city):  # or you won't know whose answer it is
    try:
        return city, f"{await ask(city)} degrees"
    except ConnectionError as error:
        return city, error


async def main():
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(named(city)) for city in TAKES]
        for next_one in asyncio.as_completed(tasks):
            city, answer = await next_one
            print(f"{city}: {answer}")


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
