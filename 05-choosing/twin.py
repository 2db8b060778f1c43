"""What chapter 05 measures in Python, beside Go.

    PYTHONPATH=internal/python python3 05-choosing/twin.py crash
"""
import os

from measure import cpu_time, main, report, started

# A process that is spawned imports this file again: what only the first one
# needs is imported where it is used.


def crash():
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    import crash as lesson

    others = len(lesson.TASKS) - 1

    def left(*started):
        results = map(lesson.result, started)
        return [result for result in results if result is not None]

    def lost(results):
        return others - min(len(results), others)

    report("threads", lost(sum(left(lesson.start(lesson.all_in_threads)), [])))
    report("asyncio", lost(sum(left(lesson.start(all_in_asyncio)), [])))
    report("processes", lost(left(*[lesson.start(lesson.alone, task) for task in lesson.TASKS])))
    with ProcessPoolExecutor(2) as pool:
        futures = [pool.submit(work_a_while, task) for task in lesson.TASKS]
    report("executor", sum(isinstance(f.exception(), BrokenProcessPool) for f in futures) - 1)


def work_a_while(task):
    import time

    import crash as lesson

    time.sleep(0.01)  # so that some are left when one crashes
    lesson.work(task)


def all_in_asyncio(connection):
    import asyncio

    import crash as lesson

    async def one(task):
        await asyncio.sleep(0)
        return lesson.work(task)

    async def all_of_them():
        return await asyncio.gather(*(one(task) for task in lesson.TASKS))

    connection.send(asyncio.run(all_of_them()))


def models(workers, threads, there):
    """Returns the models by the names that Go gives them. Each is a context, of a
    function of a list of tasks: with its workers there, or to be started by it."""
    import asyncio
    import concurrent.futures as futures
    import contextlib
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

    @contextlib.contextmanager
    def in_workers(executor):
        with started(executor, workers, "tasks") if there else contextlib.nullcontext(executor) as executor:
            yield lambda tasks: lesson.in_pool(executor, workers, work.run, tasks)

    # Not the default of 3.14: each cell would have to start a fork server first.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    processes = functools.partial(futures.ProcessPoolExecutor, mp_context=multiprocessing.get_context(method))
    interpreters = getattr(futures, "InterpreterPoolExecutor", None)  # since 3.14
    return {
        "one after another": lambda: contextlib.nullcontext(lambda tasks: [work.run(task) for task in tasks]),
        "ThreadPoolExecutor": lambda: contextlib.nullcontext(in_threads),
        "ProcessPoolExecutor": lambda: in_workers(processes),
        "asyncio": lambda: contextlib.nullcontext(in_asyncio),
        "asyncio on uvloop": lambda: contextlib.nullcontext(in_uvloop),
        "InterpreterPoolExecutor": lambda: in_workers(interpreters),
        "threads without a GIL": lambda: contextlib.nullcontext(in_threads),
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


def measure_cell(model, tasks, counts):
    """Gives tasks to a model in a process of its own, and returns what it took, or
    nothing where it failed."""
    import json
    import sys
    import time
    import traceback

    there, here = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(there)
        try:
            with model() as run:
                memory, cpu, start = peak_memory(), cpu_time(), time.perf_counter()
                done = run(tasks)
                seconds = time.perf_counter() - start
                busy = (cpu_time() - cpu) / seconds
                if counts:
                    seconds = done[counts] - start
                memory = peak_memory() - memory
            os.write(here, json.dumps({"seconds": seconds, "busy": busy, "memory": memory}).encode())
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(1)
    os.close(here)
    with open(there, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(process, 0)
    return {} if status else json.loads(said)


def peak_memory():
    import resource
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def matrix(tasks, times, servers, names, rounds, workers, threads, there, counts, wait, alone):
    """Gives a job to each model in turn. Where one task counts, it also tells how
    much of the rest that one waited for."""
    ways = models(workers, threads, there)
    job = [dict(task, Server=servers[i % len(servers)]) for i, task in enumerate(tasks * times)]
    by_itself = [dict(alone, Server=servers[0])]
    order = [name for name in names if can(name)]
    for _ in range(rounds):
        seconds = {}
        for name in order:
            cell = measure_cell(ways[name], job, counts)
            if not cell:
                continue
            seconds[name] = cell["seconds"]
            report(name, cell["seconds"])
            report(name + "/opening", cell["seconds"] - wait)
            if there:  # or else the CPU time of processes isn't known
                report(name + "/busy", cell["busy"])
            report(name + "/memory", cell["memory"] / len(job))
        whole = seconds.get("one after another")
        if counts and whole:
            least = measure_cell(ways["one after another"], by_itself, 0)["seconds"]
            for name in seconds:
                report(name + "/waited", (seconds[name] - least) / (whole - least))
        order.reverse()


def mixed(**job):
    matrix(**job)


def workers(servers, primes, wait, rounds, cpus):
    """Gives threads tasks that compute and then wait. How much do as many of them
    as the formula says get done, and a quarter, of what four times as many do?"""
    import queue
    import socket
    import time
    from concurrent.futures import ThreadPoolExecutor

    import tasks as work
    import workers as lesson
    from workload import count_primes

    free = queue.SimpleQueue()  # connections that no thread is using

    def one(_):
        count_primes(0, primes)
        connection = free.get()
        connection.sendall(bytes([wait]))
        connection.recv(1)
        free.put(connection)

    def connect(n):
        for i in range(n):
            connection = socket.create_connection(work.address({"Server": servers[i % len(servers)]}))
            opened.append(connection)
            free.put(connection)

    def rate(threads, tasks):
        start = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(one, range(tasks)))
        return tasks / (time.perf_counter() - start)

    opened = []
    connect(1)
    rate(1, 10)
    cpu, start = time.process_time(), time.perf_counter()
    rate(1, 30)
    computes, takes = time.process_time() - cpu, time.perf_counter() - start
    if not can("threads without a GIL"):
        cpus = 1
    knee = round(lesson.workers(cpus, computes, takes - computes))
    few, many = max(knee // 4, 1), 4 * knee
    connect(many - 1)
    report("workers", knee)
    for _ in range(rounds):
        most = rate(many, 12 * knee)
        report("few", rate(few, 12 * few) / most)
        report("knee", rate(knee, 12 * knee) / most)
    for connection in opened:
        connection.close()


if __name__ == "__main__":
    main()
