"""Calls a function, and writes what a call takes into a file.

    python3 measure_call.py MODULE.py FUNCTION FILE
"""
import asyncio
import importlib.util
import inspect
import json
import os
import sys
import threading
import time

SECONDS, MOST = 0.1, 50  # for a round of calls, and how many at most
THREADS = 40
ROUNDS = 5  # the quickest counts: other programs only make them longer


def load(path, name):
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    spec = importlib.util.spec_from_file_location(os.path.splitext(os.path.basename(path))[0], path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    function = getattr(module, name)
    if inspect.iscoroutinefunction(function):
        return lambda: asyncio.run(function())
    return function


def timed(run):
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - wall, time.process_time() - cpu


def measure(function):
    """Returns the seconds of a call, its CPU time, and the same of calls at once.

    It takes as many threads as would keep two CPUs busy, if they could.
    """
    first, _ = timed(function)
    calls = max(1, min(MOST, int(SECONDS / max(first, 1e-9))))

    def several():
        for _ in range(calls):
            function()

    def together(n):
        threads = [threading.Thread(target=several) for _ in range(n)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    alone = [timed(several) for _ in range(ROUNDS)]
    wall, cpu = (min(times) / calls for times in zip(*alone))
    n = max(2, min(THREADS, round(2 * wall / max(cpu, 1e-9))))
    at_once = min(timed(lambda: together(n))[0] for _ in range(ROUNDS)) / calls
    return {"calls": 1 + ROUNDS * (1 + n) * calls, "wall": wall, "cpu": cpu, "threads": n, "together": at_once}


def main(path, name, answer):
    took = measure(load(path, name))
    with open(answer, "w") as out:
        json.dump(took, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
