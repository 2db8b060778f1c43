"""The twin of the tests."""
import asyncio
import concurrent.futures
import functools
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time

from measure import cpu_time, in_turn, main, report, rounds, started


def results(step=1):
    for n in rounds():
        report("steps", n * step)
        report("two steps, in words", 2 * n * step)


def imports():
    import shared_memory

    report("kettles", shared_memory.KETTLES)


def seeing(path):
    """Reports what the file says, in each round and after them."""
    for n in rounds():
        with open(path) as file:
            report("seen", float(file.read()))
    with open(path) as file:
        report("seen after", float(file.read()))


def twice():
    for _ in rounds():
        report("first", 1)
    for _ in rounds():
        report("second", 1)


def one_too_few():
    for n in rounds():
        if n == 2:
            break


def turns():
    order = []
    in_turn({"1st, by a dict": lambda: order.append(1)}, second=lambda: order.append(2))
    # 1 2, 2 1, 1 2 as one number
    report("order", "".join(map(str, order)))


def workers(method):
    context = multiprocessing.get_context(method)

    def run():
        worker = context.Process(target=power)
        worker.start()
        worker.join()
        report("exit code", worker.exitcode)

    in_turn({method: run})


def power():
    return 7777 ** 20000


def cpu_time_of_pool(kind):
    """Reports the CPU time that a pool is said to have taken, and what its tasks say."""
    if kind == "threads":
        executor = concurrent.futures.ThreadPoolExecutor
    elif kind == "interpreters":
        executor = concurrent.futures.InterpreterPoolExecutor
    else:
        executor = functools.partial(
            concurrent.futures.ProcessPoolExecutor, mp_context=multiprocessing.get_context(kind))
    with started(executor, 2, "shared_memory") as ready, ready(2) as pool:
        before = cpu_time()
        report("told", sum(pool.map(compute, range(4))))
        report("counted", cpu_time() - before)


def compute(_):
    """Takes 10 ms of CPU time, or somewhat more, and returns how much."""
    start = time.thread_time()
    while time.thread_time() - start < 0.01:
        pass
    return time.thread_time() - start


def threads():
    report("threads", threading.active_count())
    for _ in rounds():
        report("threads in a round", threading.active_count())


def children():
    """Starts a program that prints what is no result, and reads all there is."""
    program = "import sys; print('hello', len(sys.stdin.read()), flush=True); sys.exit(7)"
    for _ in rounds():
        report("exit code", subprocess.run([sys.executable, "-c", program]).returncode)


def forking():
    """Ends twice: in a child, too."""
    if os.fork() == 0:
        raise ValueError("in a child")
    os.wait()
    report("parent", 1)


def failing():
    print("on the way", file=sys.stderr)
    return 1 / 0


def failing_group():
    async def fail():
        raise ValueError("one of many")

    async def run():
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())

    # Before 3.11 there is no such thing.
    asyncio.run(run() if hasattr(asyncio, "TaskGroup") else fail())


def failing_round():
    for n in rounds():
        if n == 2:
            return 1 / 0


def garbage_round():
    for _ in rounds():
        garbage()


def not_finite():
    report("seconds", float("nan"))


def garbage():
    print("What is printed here for all to read is a line of words, and no result", flush=True)
    time.sleep(3600)


def leaving():
    report("seconds", 1)
    os._exit(0)


def hanging(address):
    """Never ends, nor does a child of it: both hold the connection."""
    host, port = address.split(":")
    connection = socket.create_connection((host, int(port)))
    if not hasattr(os, "fork") or os.fork() != 0:
        for _ in rounds():
            pass
    time.sleep(3600)
    connection.close()


def hanging_start():
    time.sleep(3600)


def hanging_round(address):
    """As hanging, but in a round."""
    host, port = address.split(":")
    connection = socket.create_connection((host, int(port)))
    for _ in rounds():
        if hasattr(os, "fork"):
            os.fork()
        time.sleep(3600)
    connection.close()


if __name__ == "__main__":
    main()
