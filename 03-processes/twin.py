"""What chapter 03 measures in Python, beside Go: the sections' own programs.

    PYTHONPATH=internal/python python3 03-processes/twin.py cpu-bound
"""
import multiprocessing
import os

from measure import in_turn, main, report, rounds, started, timed

# A process that is spawned imports this file again: what one section needs is
# imported there.

methods = multiprocessing.get_all_start_methods()


def run_as_main(module):
    """Lets a fork server import a lesson before it forks, as it does with a program."""
    if "forkserver" in methods:
        multiprocessing.set_forkserver_preload(["__main__", module])


def own_memory():
    import own_memory as lesson

    left = multiprocessing.Queue()
    seller = multiprocessing.Process(target=lesson.sell, args=(30, left))
    seller.start()
    report("worker", left.get())
    seller.join()
    report("here", lesson.tickets)
    broken = multiprocessing.Process(target=lesson.crash)
    broken.start()
    broken.join()
    report("crashed", broken.exitcode == 3)


def cpu_bound(workers, below, megabytes):
    import concurrent.futures as futures
    import contextlib
    import hashlib

    import cpu_bound as lesson

    data = bytes(megabytes << 20)

    def digest(_):
        return hashlib.sha256(data).digest()

    def digest_in_threads():
        with futures.ThreadPoolExecutor(workers) as pool:
            list(pool.map(digest, range(workers)))

    kinds = {"processes": futures.ProcessPoolExecutor, "threads": futures.ThreadPoolExecutor}
    if hasattr(futures, "InterpreterPoolExecutor"):  # since 3.14
        kinds["interpreters"] = futures.InterpreterPoolExecutor
    ways = {
        "sequential": lambda: lesson.count_primes(0, below),
        "hashes": lambda: [digest(i) for i in range(workers)],
        "hashes_in_threads": digest_in_threads,
    }
    with contextlib.ExitStack() as until_the_end:
        for kind, executor in kinds.items():  # processes first: to fork beside threads isn't safe
            pool = until_the_end.enter_context(started(executor, workers, "cpu_bound"))
            ways[kind] = lambda pool=pool: lesson.count_in(pool, workers, below)
        in_turn(ways)


def break_even(workers, low):
    import statistics
    import time
    from concurrent.futures import ProcessPoolExecutor

    import break_even as lesson

    run_as_main("break_even")

    def several(times, run):
        def job():
            for _ in range(times):
                run()

        return job

    def median(times, run):
        return statistics.median(timed(several(times, run)) for _ in range(5)) / times

    def with_new(numbers):
        return lesson.count_with_new(workers, low, low + numbers)

    with ProcessPoolExecutor(workers) as pool:
        def with_pool(numbers):
            return lesson.count_with(pool, workers, low, low + numbers)

        with_pool(0)  # now the workers are there
        per_number = median(1, lambda: lesson.count_primes(low, low + 4000)) / 4000
        ways = {}
        for name, times, count in ("started", 1, with_new), ("stay", 20, with_pool):
            pays = median(times, lambda: count(0)) * workers / (workers - 1)
            report("pays, " + name, pays)
            for size, part in ("a quarter of", 0.25), ("four times", 4):
                n = round(pays * part / per_number)
                ways[f"alone, {name}, {size}"] = several(times, lambda n=n: lesson.count_primes(low, low + n))
                ways[f"{name}, {size}"] = several(times, lambda n=n, count=count: count(n))
        enough = time.monotonic() + 8  # a fresh interpreter for each worker takes its time
        for n in rounds():
            again = n <= 3 or time.monotonic() < enough
            for name in sorted(ways, reverse=n % 2 == 0):
                if again or "started" not in name:
                    report(name, timed(ways[name]))


def io_bound(port, times):
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

    import io_bound as lesson

    run_as_main("io_bound")
    in_turn(
        threads=lambda: lesson.fetch_in(ThreadPoolExecutor, port, times),
        processes=lambda: lesson.fetch_in(ProcessPoolExecutor, port, times),
    )


def nothing():
    pass


def start_methods(patience, threads):
    import threading

    import fork_deadlock as lesson

    def start_and_end(kind):
        worker = kind(target=nothing)
        worker.start()
        worker.join()

    ways = {"threads": lambda: [start_and_end(threading.Thread) for _ in range(threads)]}
    for method in methods:
        ways[method] = lambda kind=multiprocessing.get_context(method).Process: start_and_end(kind)
    try:
        from concurrent import interpreters  # since 3.14
    except ImportError:
        pass
    else:
        def interpreter():
            one = interpreters.create()
            one.exec("pass")
            one.close()

        ways["interpreter"] = interpreter
    in_turn(ways)
    if "fork" in methods:
        report("fork, ends", lesson.child_ends("fork", patience))
        report("fresh, ends", all(lesson.child_ends(method, patience) for method in methods if method != "fork"))


def itself(value):
    return value


def echo(requests, answers):
    while message := requests.recv_bytes():
        answers.send_bytes(message)


def echo_there(requests, answers, name):
    from multiprocessing import shared_memory

    memory = shared_memory.SharedMemory(name)
    while size := requests.recv_bytes():
        at = int(size) - 1
        memory.buf[at] = (memory.buf[at] + 1) % 256
        answers.send_bytes(size)
    memory.close()


class Echoing:
    """A process that sends back what it's sent, over two pipes, as Go's does.

    (Pipe() without duplex=False is no pair of pipes, but of sockets.)
    """

    def __init__(self, target, *args):
        requests, self.requests = multiprocessing.Pipe(duplex=False)
        self.answers, answers = multiprocessing.Pipe(duplex=False)
        self.process = multiprocessing.Process(target=target, args=(requests, answers, *args))
        self.process.start()

    def ask(self, message):
        self.requests.send_bytes(message)
        return self.answers.recv_bytes()

    def stop(self):
        self.requests.send_bytes(b"")
        self.process.join()


def several(times, call, *args):
    for _ in range(times):
        call(*args)


def talking(names, sizes, trips):
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import shared_memory

    memory = shared_memory.SharedMemory(create=True, size=max(sizes))
    pipe = Echoing(echo)
    bell = Echoing(echo_there, memory.name)

    def through_pool(message):
        pool.submit(itself, message).result()

    def through_memory(message):
        memory.buf[:len(message)] = message
        bell.ask(b"%d" % len(message))

    with ProcessPoolExecutor(1) as pool:
        through_pool(b"")  # now the worker is there
        ways = {}
        for name, size, times in zip(names, sizes, trips):
            message = b"x" * size
            for way, ask in ("pool", through_pool), ("pipe", pipe.ask), ("memory", through_memory):
                ways[f"{way}, {name}"] = lambda times=times, ask=ask, message=message: several(times, ask, message)
        in_turn(ways)

    pipe.stop()
    bell.stop()
    memory.close()
    memory.unlink()


def half(number):
    return number // 2


def pool_map(workers, single, chunked):
    from concurrent.futures import ProcessPoolExecutor

    def drain(results):
        for _ in results:
            pass

    with ProcessPoolExecutor(workers) as executor, multiprocessing.Pool(workers) as pool:
        drain(executor.map(half, range(workers)))  # now the workers are there
        ways = {
            "executor": (single, lambda numbers: drain(executor.map(half, numbers))),
            "imap, 1": (single, lambda numbers: drain(pool.imap(half, numbers))),
            "imap, 64": (chunked, lambda numbers: drain(pool.imap(half, numbers, 64))),
            "map, 64": (chunked, lambda numbers: pool.map(half, numbers, 64)),
            "map": (chunked, lambda numbers: pool.map(half, numbers)),
        }
        for n in rounds():
            for name in sorted(ways, reverse=n % 2 == 0):
                tasks, run = ways[name]
                report(name, timed(lambda: run(range(tasks))) / tasks)


def serve_all(kind, orders, patience, outcome):
    """Tells how many tables were served in time, and what came in place of the others."""
    import concurrent.futures
    import time

    from worker_dies import serve

    if kind == "pool":
        pool = multiprocessing.Pool(2)
        results = [pool.apply_async(serve, order).get for order in orders]
    else:
        executor = concurrent.futures.ProcessPoolExecutor(2)
        results = []
        for order in orders:
            try:
                results.append(executor.submit(serve, *order).result)
            except concurrent.futures.process.BrokenProcessPool as error:  # it's broken already
                results.append(lambda timeout, error=error: throw(error))
    deadline = time.monotonic() + patience
    served, instead = 0, set()
    for result in results:
        try:
            result(max(deadline - time.monotonic(), 0))
            served += 1
        except Exception as error:
            instead.add(type(error))
    outcome.send((served, [kind.__name__ for kind in instead]))
    # To end such a pool in order may wait forever too.
    for worker in multiprocessing.active_children():
        worker.kill()
    os._exit(0)


def throw(error):
    raise error


def worker_dies(tables, patience):
    import tempfile

    for kind in "pool", "executor":
        with tempfile.TemporaryDirectory() as folder:
            trap = os.path.join(folder, "trap")
            open(trap, "w").close()
            orders = [(table, trap if table == tables // 2 else None) for table in range(tables)]
            ours, theirs = multiprocessing.Pipe(duplex=False)
            waiter = multiprocessing.Process(target=serve_all, args=(kind, orders, patience, theirs))
            waiter.start()
            served, instead = ours.recv()
            waiter.join()
        report(kind, served)
        if kind == "pool":
            report("pool said nothing", instead == ["TimeoutError"])
        else:
            report("executor raised BrokenProcessPool", instead == ["BrokenProcessPool"])


def costs(workers, calls, tasks, trips):
    spawn = multiprocessing.get_context("spawn")
    started = []
    mib = bytes(1 << 20)
    pipe = Echoing(echo)

    def first_answer():
        requests, ours = spawn.Pipe(duplex=False)
        answer, theirs = spawn.Pipe(duplex=False)
        worker = spawn.Process(target=echo, args=(requests, theirs))
        worker.start()
        ours.send_bytes(b"x")
        answer.recv_bytes()
        started.append((ours, worker))

    with multiprocessing.Pool(workers) as pool:
        in_turn({
            "spawn": first_answer,
            "apply": lambda: several(calls, pool.apply, nothing),
            "Pool.map": lambda: pool.map(half, range(tasks)),
            "mib, pool": lambda: several(trips, pool.apply, itself, (mib,)),
            "mib, pipe": lambda: several(trips, pipe.ask, mib),
        })
    for requests, worker in started:
        requests.send_bytes(b"")
        worker.join()
    pipe.stop()


if __name__ == "__main__":
    main()
