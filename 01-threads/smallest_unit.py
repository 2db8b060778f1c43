"""Fifty threads and ten thousand tasks: which of them does the system run?"""
import asyncio
import threading


def threads_of(n):
    """Starts n threads that wait for each other, and counts the system's."""
    numbers = set()
    all_here = threading.Barrier(n)

    def wait():
        numbers.add(threading.get_native_id())
        all_here.wait()

    threads = [threading.Thread(target=wait) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(numbers)


async def tasks_of(n):
    """Starts n asyncio tasks, and counts the system's threads under them."""
    numbers = set()

    async def wait():
        await asyncio.sleep(0)
        numbers.add(threading.get_native_id())

    await asyncio.gather(*(wait() for _ in range(n)))
    return len(numbers)


def main():
    seen = threads_of(50)
    print("a system thread for each of 50 threads:", "yes" if seen >= 50 else "no")
    seen = asyncio.run(tasks_of(10_000))
    print("a system thread for each of 10,000 tasks:", "yes" if seen >= 10_000 else "no")


if __name__ == "__main__":
    main()
