# Needs Python 3.9 or later.
"""A thread reads what comes in, and hands it to asyncio."""
import asyncio
import threading

LINES = "door open", "door closed"  # what a blocking library would wait for


class Events:
    """Brings events from threads to asyncio. If it's full, the threads wait."""

    def __init__(self, room):
        self.loop, self.queue = asyncio.get_running_loop(), asyncio.Queue()
        self.room, self.closed = threading.Semaphore(room), False

    def put(self, event):  # in a thread
        self.room.acquire()  # waits while it's full, however long that is
        if self.closed:
            self.room.release()  # for the next thread that waits
            raise RuntimeError("nobody takes events any more")
        self.loop.call_soon_threadsafe(self.queue.put_nowait, event)

    async def get(self):
        event = await self.queue.get()
        self.room.release()
        return event

    def close(self):
        self.closed = True
        self.room.release()


def read_all(events):  # runs in a thread
    for line in LINES:
        events.put(line)


async def main():
    events = Events(room=1)  # yours: 100
    reader = asyncio.create_task(asyncio.to_thread(read_all, events))
    reader.add_done_callback(lambda _: events.queue.put_nowait(None))  # no more will come
    try:
        while (event := await events.get()) is not None:
            print("event:", event)
        await reader  # raises what was raised there
    finally:
        events.close()  # after an error or Ctrl-C, its put() would wait forever
        reader.cancel()
    print("no more events")


if __name__ == "__main__":
    asyncio.run(main())
