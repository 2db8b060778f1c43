"""What chapter 05 measures in Python, beside Go.

    PYTHONPATH=internal/python python3 05-choosing/twin.py crash
"""
import os

from measure import main, report

# A process that is spawned imports this file again: what only the first one
# needs is imported where it is used.


def crash():
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    import crash as lesson

    others = len(lesson.TASKS) - 1
    report("threads", others - min(lesson.in_one_process(lesson.work_in_threads), others))
    report("asyncio", others - min(lesson.in_one_process(crash_in_asyncio), others))
    report("processes", others - lesson.in_a_process_each())
    with ProcessPoolExecutor(2) as pool:
        futures = [pool.submit(work_a_while, task) for task in lesson.TASKS]
    report("executor", sum(isinstance(f.exception(), BrokenProcessPool) for f in futures) - 1)


def work_a_while(task):
    import time

    import crash as lesson

    time.sleep(0.01)  # so that some are left when one crashes
    lesson.work(task)


def crash_in_asyncio():
    import asyncio

    import crash as lesson

    async def one(task):
        await asyncio.sleep(0)
        lesson.work(task)

    async def all_of_them():
        await asyncio.gather(*(one(task) for task in lesson.TASKS))

    asyncio.run(all_of_them())


def models(workers, threads):
    """Returns the models by the names that Go gives them, as functions of a list of tasks."""
    import asyncio
    import concurrent.futures as futures
    import functools
    import multiprocessing

    import matrix as lesson
    import tasks as work

    if can("asyncio on uvloop"):
        import uvloop

    def in_asyncio(tasks):
        return asyncio.run(lesson.in_event_loop(work.run_async, tasks))

    def in_uvloop(tasks):
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(lesson.in_event_loop(work.run_async, tasks))

    def in_threads(tasks):
        return lesson.in_pool(futures.ThreadPoolExecutor, threads, work.run, tasks)

    def in_processes(tasks):
        # Not the default of 3.14, which takes longer to start: see chapter 03.
        method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
        executor = functools.partial(futures.ProcessPoolExecutor, mp_context=multiprocessing.get_context(method))
        return lesson.in_pool(executor, workers, work.run, tasks)

    def in_interpreters(tasks):
        return lesson.in_pool(futures.InterpreterPoolExecutor, workers, work.run, tasks)

    return {
        "one after another": lambda tasks: [work.run(task) for task in tasks],
        "ThreadPoolExecutor": in_threads,
        "ProcessPoolExecutor": in_processes,
        "asyncio": in_asyncio,
        "asyncio on uvloop": in_uvloop,
        "InterpreterPoolExecutor": in_interpreters,
        "threads without a GIL": in_threads,
    }


def can(model):
    """Tells whether there is what an optional model needs."""
    import concurrent.futures
    import sys
    from importlib.util import find_spec

    return {
        "asyncio on uvloop": find_spec("uvloop") is not None,
        "InterpreterPoolExecutor": hasattr(concurrent.futures, "InterpreterPoolExecutor"),
        "threads without a GIL": not getattr(sys, "_is_gil_enabled", lambda: True)(),
    }.get(model, True)


def measure_cell(run, counts):
    """Runs a model in a process of its own, and returns what it took, or nothing
    where it failed."""
    import json
    import sys
    import time
    import traceback

    there, here = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(there)
        try:
            memory, start = peak_memory(), time.perf_counter()
            done = run()
            seconds = time.perf_counter() - start
            if counts:
                seconds = done[counts] - start
            os.write(here, json.dumps({"seconds": seconds, "memory": peak_memory() - memory}).encode())
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(1)
    os.close(here)
    with open(there, "rb") as pipe:
        said = pipe.read()
    _, status, used = os.wait4(process, 0)
    if status:
        return {}
    return dict(json.loads(said), cpu=used.ru_utime + used.ru_stime)  # with its children's


def peak_memory():
    import resource
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def matrix(tasks, times, servers, names, rounds, workers, threads, counts, wait, alone):
    """Gives a job to each model in turn. Where one task counts, it also tells how
    much of the rest that one waited for."""
    ways = models(workers, threads)
    job = [dict(task, Server=servers[i % len(servers)]) for i, task in enumerate(tasks * times)]
    by_itself = [dict(alone, Server=servers[0])]
    order = [name for name in names if can(name)]
    for _ in range(rounds):
        seconds = {}
        for name in order:
            cell = measure_cell(lambda: ways[name](job), counts)
            if not cell:
                continue
            seconds[name] = cell["seconds"]
            report(name, cell["seconds"])
            report(name + "/opening", cell["seconds"] - wait)
            report(name + "/busy", cell["cpu"] / cell["seconds"])
            report(name + "/memory", cell["memory"] / len(job))
        whole = seconds.get("one after another")
        if counts and whole:
            least = measure_cell(lambda: ways["one after another"](by_itself), 0)["seconds"]
            for name in seconds:
                report(name + "/waited", (seconds[name] - least) / (whole - least))
        order.reverse()


def mixed(**job):
    matrix(**job)


if __name__ == "__main__":
    main()
