# Needs Python 3.11 or later.
"""A server is told to stop, and gives what's under way some time."""
import asyncio
import selectors
import signal

GRACE = 10  # seconds
under_way = set()


async def request(name, seconds):
    try:
        await asyncio.sleep(seconds)
        print(f"the {name} request is answered")
    except asyncio.CancelledError:
        print(f"the {name} request was cut off")  # tell its client
        raise


def accept(name, seconds):  # a server does this for each request
    task = asyncio.create_task(request(name, seconds))
    under_way.add(task)
    task.add_done_callback(under_way.discard)


async def main():
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in signal.SIGINT, signal.SIGTERM:  # Ctrl-C, and kill
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    loop.call_later(1, signal.raise_signal, signal.SIGTERM)  # somebody stops us

    accept("short", 5)
    accept("long", 60)
    await stop.wait()  # then a server stops accepting: server.close()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a second Ctrl-C doesn't wait
    if under_way:  # asyncio.wait() wants at least one
        _, late = await asyncio.wait(under_way, timeout=GRACE)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    print("bye")


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
