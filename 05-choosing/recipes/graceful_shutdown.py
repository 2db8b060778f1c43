# Needs Python 3.11 or later, on Linux or macOS.
"""A server is told to stop, and gives what's under way some time."""
import asyncio
import os
import signal

GRACE = 0.1  # seconds; yours: 10
under_way = set()


async def request(name, answer):
    try:
        await answer
        print(f"the {name} request is answered")
    except asyncio.CancelledError:
        print(f"the {name} request was cut off")  # tell its client
        raise


def accept(name, answer):  # a server does this for each request
    task = asyncio.create_task(request(name, answer))
    under_way.add(task)
    task.add_done_callback(under_way.discard)


async def main():
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in signal.SIGINT, signal.SIGTERM:  # Ctrl-C, and kill
        loop.add_signal_handler(number, stop.set)
    accept("short", stop.wait())  # demo only: delete these three
    accept("long", asyncio.sleep(3600))
    loop.call_soon(os.kill, os.getpid(), signal.SIGTERM)

    await stop.wait()  # then a server stops accepting: server.close()
    loop.remove_signal_handler(signal.SIGINT)  # a second Ctrl-C doesn't wait
    if under_way:  # asyncio.wait() wants at least one
        _, late = await asyncio.wait(under_way, timeout=GRACE)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    print("bye")


if __name__ == "__main__":
    asyncio.run(main())
