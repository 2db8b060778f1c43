"""Six orders compute and wait: each process takes a share, and works on it in asyncio."""
import asyncio
import multiprocessing
import signal
import sys
from concurrent.futures import ProcessPoolExecutor


async def handle(order):
    await asyncio.sleep(0.01)  # put your requests here
    return sum(range(order))  # and what computes


async def handle_share(orders):
    slots = asyncio.Semaphore(100)  # so many at once, in each process

    async def one(order):
        async with slots:
            try:
                return await handle(order)
            except Exception as error:  # the others' answers aren't lost
                return f"failed: {error!r}"  # as text, which can always be sent back

    return await asyncio.gather(*map(one, orders))


def run_share(orders):  # in a process
    return asyncio.run(handle_share(orders))


def handle_all(orders, processes):
    """Returns the answers in the order of the orders."""
    answers = [None] * len(orders)
    with ProcessPoolExecutor(
            processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            shares = [orders[n::processes] for n in range(processes)]
            for n, share in enumerate(pool.map(run_share, shares)):
                answers[n::processes] = share
        except BaseException:  # Ctrl-C and SIGTERM too: the processes are to end
            for process in multiprocessing.active_children():
                process.terminate()
            raise
    return answers


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # or the processes would live on
    print(*handle_all([1, 2, 3, 4, 5, 6], processes=2))  # as many as CPUs


if __name__ == "__main__":
    main()
