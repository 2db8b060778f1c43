"""A server computes in processes, so that it still answers."""
import asyncio
import multiprocessing
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

WORKERS = 2  # in a container: as many as it has CPUs


class Computing:
    """Computes in processes. When one is killed, it starts new ones."""

    def __init__(self):
        self.start()

    def start(self):
        spawn = multiprocessing.get_context("spawn")  # a server has threads: don't fork
        self.pool = ProcessPoolExecutor(WORKERS, mp_context=spawn)

    async def run(self, function, *args):
        pool = self.pool
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, function, *args)
        except BrokenProcessPool:  # was it short of memory?
            if pool is self.pool:  # for the next request
                self.start()
            raise

    def stop(self):  # at once: what they're at may take long
        for process in multiprocessing.active_children():
            process.terminate()
        self.pool.shutdown(cancel_futures=True)


def primes_below(n):  # at the top of the file: a process has to find it
    return sum(all(k % d for d in range(2, int(k**0.5) + 1)) for k in range(2, n))


async def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # or the processes would live on
    computing = Computing()  # once, when the server starts
    sizes = 1000, 5000, 10000
    try:
        counts = await asyncio.gather(*(computing.run(primes_below, n) for n in sizes))
        for n, count in zip(sizes, counts):
            print(f"{count} primes below {n}")
    finally:  # Ctrl-C and SIGTERM, too
        computing.stop()


if __name__ == "__main__":
    asyncio.run(main())
