"""The same job for threads, for processes and for an event loop."""
import asyncio
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def in_pool(executor, workers, work, jobs):
    with executor(workers) as pool:
        return list(pool.map(work, jobs))


async def in_event_loop(work, jobs):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work(job)) for job in jobs]
    return [task.result() for task in tasks]


def count_primes(below):
    return sum(all(n % d for d in range(2, int(n**0.5) + 1)) for n in range(2, below))


async def count_primes_async(below):  # the same work, for coroutines
    return count_primes(below)


def main():
    jobs = [1000, 2000, 3000]
    threads = in_pool(ThreadPoolExecutor, 3, count_primes, jobs)
    processes = in_pool(ProcessPoolExecutor, 2, count_primes, jobs)
    loop = asyncio.run(in_event_loop(count_primes_async, jobs))
    print(sum(threads), "primes in threads,", sum(processes), "in processes,",
          sum(loop), "in an event loop")


if __name__ == "__main__":
    main()
