"""Prices come faster than a slow client takes them, so it gets the newest."""
import asyncio


def put_newest(queue, item):
    """Never waits: if the queue is full, its oldest item makes room."""
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(item)  # no await in between, so nobody comes in between


async def main():
    quick, slow = asyncio.Queue(3), asyncio.Queue(3)  # one for each client
    for price in range(1, 6):
        for client in quick, slow:
            put_newest(client, price)
        print("quick:", await quick.get())
    while not slow.empty():
        print("slow:", await slow.get())


if __name__ == "__main__":
    asyncio.run(main())
