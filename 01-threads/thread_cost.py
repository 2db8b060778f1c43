"""A thousand guests, with a thread each or with a task each."""
import asyncio
import threading


def threads_for(guests, look):
    """Starts a thread for each guest, looks when all are there, lets them go."""
    looked = threading.Event()
    threads = [threading.Thread(target=looked.wait) for _ in range(guests)]
    for thread in threads:
        thread.start()
    look()
    looked.set()
    for thread in threads:
        thread.join()


async def tasks_for(guests, look):
    """Does the same with an asyncio task for each guest."""
    looked = asyncio.Event()
    tasks = [asyncio.create_task(looked.wait()) for _ in range(guests)]
    await asyncio.sleep(0)  # lets each of them begin
    look()
    looked.set()
    await asyncio.gather(*tasks)


def main():
    threads_for(1000, lambda: print("1000 guests with a thread each"))
    asyncio.run(tasks_for(1000, lambda: print("1000 guests with something lighter each")))


if __name__ == "__main__":
    main()
