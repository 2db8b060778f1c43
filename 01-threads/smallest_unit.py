"""Fifty threads and ten thousand tasks: which of them does the system run?"""
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor


def threads_of(n):
    """Runs n jobs at once, and counts the system's threads under them."""
    all_here = threading.Barrier(n)

    def job():
        all_here.wait()
        return threading.get_native_id()

    with ThreadPoolExecutor(n) as pool:
        jobs = [pool.submit(job) for _ in range(n)]
    return len({job.result() for job in jobs})


async def tasks_of(n):
    """Does the same with asyncio tasks."""
    async def job():
        await asyncio.sleep(0)
        return threading.get_native_id()

    return len(set(await asyncio.gather(*(job() for _ in range(n)))))


def main():
    seen = threads_of(50)
    print("a system thread for each of 50 threads:", "yes" if seen >= 50 else "no")
    seen = asyncio.run(tasks_of(10_000))
    print("a system thread for each of 10,000 tasks:", "yes" if seen >= 10_000 else "no")


if __name__ == "__main__":
    main()
