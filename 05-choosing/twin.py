"""Chapter 05 in Python: the chapter runs it beside Go, and gives it the servers
that its tasks ask.
"""
import asyncio
import concurrent.futures
import json
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
import traceback

from measure import main, report
from workload import count_primes

fork = multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")


class Task:
    """Computes, or asks a server, one request after another."""

    def __init__(self, primes=0, server=None, requests=0, wait=0, kills=False):
        self.primes, self.server, self.requests, self.wait, self.kills = primes, server, requests, wait, kills

    def run(self):
        if self.kills:
            os.kill(os.getpid(), signal.SIGKILL)
        if not self.requests:
            return count_primes(0, self.primes)
        with socket.socket() as connection:
            connection.connect(self.server)
            for _ in range(self.requests):
                connection.sendall(bytes([self.wait]))
                assert len(connection.recv(1)) == 1
        return self.requests

    async def run_async(self):
        if not self.requests:
            return self.run()
        loop = asyncio.get_running_loop()
        with socket.socket() as connection:
            connection.setblocking(False)
            await loop.sock_connect(connection, self.server)
            for _ in range(self.requests):
                await loop.sock_sendall(connection, bytes([self.wait]))
                assert len(await loop.sock_recv(connection, 1)) == 1
        return self.requests


# A model runs tasks, and says done for each that has its result. It returns how
# many threads it had at the most.


def one_after_another(tasks, workers, done):
    for i, task in enumerate(tasks):
        task.run()
        done(i)
    return 1


def in_threads(tasks, workers, done):
    most = 1

    def run(i, task):
        nonlocal most
        task.run()
        done(i)
        most = max(most, threading.active_count())

    threads = [threading.Thread(target=run, args=(i, task)) for i, task in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return most


def in_processes(tasks, workers, done):
    kills = any(task.kills for task in tasks)
    with fork.Pool(workers) as pool:
        results = [pool.apply_async(run_elsewhere, (task,), callback=lambda _, i=i: done(i))
                   for i, task in enumerate(tasks)]
        for result in results:
            try:
                result.get(0.3 if kills else None)
            except multiprocessing.TimeoutError:
                pass  # a pool does not tell that a worker has died
        return threading.active_count()


def in_executor(tasks, workers, done):
    with concurrent.futures.ProcessPoolExecutor(workers, fork) as executor:
        futures = [executor.submit(run_elsewhere, task) for task in tasks]
        for i, future in enumerate(futures):
            try:
                future.result()
                done(i)
            except concurrent.futures.process.BrokenProcessPool:
                pass
    return 1


def in_asyncio(tasks, workers, done):
    async def run(i, task):
        await task.run_async()
        done(i)

    async def run_all():
        await asyncio.gather(*(run(i, task) for i, task in enumerate(tasks)))

    asyncio.run(run_all())
    return 1


def run_elsewhere(task):
    task.run()


def peak_memory():
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


MODELS = {"one after another": one_after_another, "OS threads": in_threads, "processes": in_processes,
          "asyncio": in_asyncio, "processes, executor": in_executor}


def jobs(servers, many):
    servers = [(host, int(port)) for host, port in (server.rsplit(":", 1) for server in servers)]

    def ask(i, requests, wait):
        return Task(server=servers[i % len(servers)], requests=requests, wait=wait)

    return {
        "computing": [Task(primes=24_000) for _ in range(10)],
        "few waits": [ask(i, 12, 1) for i in range(10)],
        "many waits": [ask(i, 1, TOGETHER) for i in range(many)],
        "mixed": [Task(primes=115_000), ask(0, 10, 1)],
        "alone": [ask(0, 10, 1)],
        "tiny": [Task() for _ in range(2000)],
        "crash": [Task(kills=i == 4) for i in range(10)],
    }


TOGETHER = 255  # in place of a number of milliseconds: until all of them have asked


def measure_cell(tasks, model, workers, counts):
    """Runs the tasks in a process of their own, and returns what became of them:
    where it was killed, nothing is done; where it failed, nothing is known."""
    there, here = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(there)
        try:
            at = {}
            start = time.perf_counter()
            threads = MODELS[model](tasks, workers, lambda i: at.setdefault(i, time.perf_counter() - start))
            if len(at) < len(tasks) and not any(task.kills for task in tasks):
                raise RuntimeError(f"{len(tasks) - len(at)} of {len(tasks)} tasks have no result")
            os.write(here, json.dumps({
                "seconds": at[counts] if counts else max(at.values()),
                "done": len(at), "threads": threads, "memory": peak_memory(),
            }).encode())
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
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return {"done": 0}
    if status:
        return {}
    outcome = json.loads(said)
    outcome["cpu"] = used.ru_utime + used.ru_stime  # of the processes that it waited for, too
    return outcome


def measure_job(job, models, rounds, servers, many, workers, counts):
    tasks = jobs(servers, many)
    order = list(models)
    for _ in range(rounds):
        seconds = {}
        alone = measure_cell(tasks["alone"], "one after another", 1, 0).get("seconds") if counts else None
        for model in order:
            outcome = measure_cell(tasks[job], model, workers, counts)
            if job == "crash" and "done" in outcome:
                report(model + "/lost", len(tasks[job]) - 1 - outcome["done"])
            if job == "crash" or "seconds" not in outcome:
                continue
            seconds[model] = outcome["seconds"]
            report(model, outcome["seconds"])
            report(model + "/cpu", outcome["cpu"])
            report(model + "/busy", outcome["cpu"] / outcome["seconds"])
            report(model + "/threads", outcome["threads"])
            report(model + "/memory", outcome["memory"])
        whole = seconds.get("one after another")
        if alone and whole:
            for model in seconds:
                report(model + "/waited", (seconds[model] - alone) / (whole - alone))
        order.reverse()


def crash(**cells):
    measure_job(**cells)


def mixed(**cells):
    measure_job(**cells)


def matrix(**cells):
    measure_job(**cells)


if __name__ == "__main__":
    main()
