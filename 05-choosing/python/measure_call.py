"""Calls a function, up to 1,000 times and up to 40 at once, and writes what a call
takes into a file.

    python3 measure_call.py MODULE.py FUNCTION FILE
"""
import asyncio
import hashlib
import importlib.util
import inspect
import json
import os
import statistics
import sys
import threading
import time

SECONDS, MOST = 0.1, 50  # for a round of calls, and how many at most
AT_ONCE = 40  # threads, or coroutines in a loop, at most
MOST_AT_ONCE = 145  # for a round of such, all together
ROUNDS = 5  # the quickest counts: other programs only make them longer
BLOCK = bytes(100_000)  # hashed without the GIL


def load(path, name):
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    spec = importlib.util.spec_from_file_location(os.path.splitext(os.path.basename(path))[0], path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return getattr(module, name)


def timed(run):
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - wall, time.process_time() - cpu


def together(n, run):
    threads = [threading.Thread(target=run) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def free_cpus():
    """Returns how many CPUs two threads get that don't need the GIL."""
    end = time.perf_counter() + 0.03

    def hash_on():
        while time.perf_counter() < end:
            hashlib.sha256(BLOCK)

    wall, cpu = timed(lambda: together(2, hash_on))
    return cpu / wall


def measure(function):
    """Returns the seconds of a call, its CPU time, and how many CPUs calls at once keep busy.

    It takes as many threads as would keep two CPUs busy, if they could. The function
    has been called once already.
    """
    first, _ = timed(function)
    calls = max(1, min(MOST, int(SECONDS / max(first, 1e-9))))

    def several(calls):
        for _ in range(calls):
            function()

    alone, busy, free = [], [], []
    for _ in range(ROUNDS):
        free.append(free_cpus())
        alone.append(timed(lambda: several(calls)))
    wall, cpu = (min(times) / calls for times in zip(*alone))
    n = max(2, min(AT_ONCE, round(2 * wall / max(cpu, 1e-9))))
    each = min(calls, MOST_AT_ONCE // n)
    for _ in range(ROUNDS):
        free.append(free_cpus())
        # Both of the same round: what others take away makes it less, never more.
        at_once_wall, at_once_cpu = timed(lambda: together(n, lambda: several(each)))
        busy.append(at_once_cpu / at_once_wall)
    return {"calls": 2 + ROUNDS * (calls + n * each), "wall": wall, "cpu": cpu, "at_once": n,
            "busy": max(busy), "free": statistics.median(free)}


async def measure_coroutine(function, first):
    """Returns the same of a coroutine function: its CPU time is that of many in one loop."""
    async def timed_in_loop(n):
        wall, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(function() for _ in range(n)))
        return time.perf_counter() - wall, time.process_time() - cpu

    cpu = time.process_time()
    await first
    n = max(2, min(AT_ONCE, int(SECONDS / max(time.process_time() - cpu, 1e-9))))
    walls, cpus, free = [], [], []
    for _ in range(ROUNDS):
        free.append(free_cpus())
        walls.append((await timed_in_loop(1))[0])
        cpus.append((await timed_in_loop(n))[1] / n)
    return {"coroutine": True, "calls": 1 + ROUNDS * (1 + n), "wall": max(min(walls), min(cpus)), "cpu": min(cpus),
            "at_once": n, "free": statistics.median(free)}


def main(path, name, answer):
    function = load(path, name)
    result = None
    if inspect.iscoroutinefunction(function) or inspect.isawaitable(result := function()):
        # A decorator may hide that it's one: then what it returned tells.
        async def all_in_one_loop():
            return await measure_coroutine(function, result or function())

        took = asyncio.run(all_in_one_loop())
    else:
        took = measure(function)
    with open(answer, "w") as out:
        json.dump(took, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
