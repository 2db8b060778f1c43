"""A thread reads what comes in, and hands it to asyncio."""
import asyncio

LINES = "door open", "door closed"  # what a blocking library would wait for
PATIENCE = 10  # seconds


def read_all(loop, events):  # runs in a thread
    def hand_over(event):
        putting = asyncio.run_coroutine_threadsafe(events.put(event), loop)
        try:
            putting.result(PATIENCE)  # waits while the queue is full
        finally:
            putting.cancel()  # or it would still come, if it was too late

    try:
        for line in LINES:
            hand_over(line)
    finally:  # after an error, too
        hand_over(None)


async def main():
    loop, events = asyncio.get_running_loop(), asyncio.Queue(maxsize=1)
    reader = asyncio.create_task(asyncio.to_thread(read_all, loop, events))
    while (event := await events.get()) is not None:
        print("event:", event)
    await reader  # raises what was raised there
    print("no more events")


if __name__ == "__main__":
    asyncio.run(main())
