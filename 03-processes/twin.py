"""Chapter 03 in Python: the chapter runs it beside Go, and so can you:

    PYTHONPATH=internal/python python3 03-processes/twin.py cpu-bound
"""
import concurrent.futures
import concurrent.futures.process
import multiprocessing
import os
import shutil
import signal
import statistics
import tempfile
import threading
import time
import urllib.request
from multiprocessing import shared_memory

from measure import in_turn, main, report
from workload import count_primes, start_and_join

# The children of a fork are this process's own, so that their CPU time counts
# here; those of a fork server, the default since 3.14, are not.
methods = multiprocessing.get_all_start_methods()
fork = multiprocessing.get_context("fork" if "fork" in methods else "spawn")

tickets = 100  # a global variable: each process has one of its own


def sell_tickets(sold, left):
    global tickets
    tickets -= sold
    left.put(tickets)


def crash():
    os._exit(3)


def own_memory():
    left = fork.Queue()
    seller = fork.Process(target=sell_tickets, args=(30, left))
    seller.start()
    report("child", left.get())
    seller.join()
    report("parent", tickets)
    broken = fork.Process(target=crash)
    broken.start()
    broken.join()
    report("status", broken.exitcode)


def cpu_bound(workers):
    pieces = 4 * workers
    high = 100_000
    work = [(i * high // pieces, (i + 1) * high // pieces) for i in range(pieces)]

    def sequential():
        for piece in work:
            count_primes(*piece)

    def share(i):
        for piece in work[i::workers]:
            count_primes(*piece)

    def threads():
        start_and_join([threading.Thread(target=share, args=(i,)) for i in range(workers)])

    def processes():
        start_and_join([fork.Process(target=share, args=(i,)) for i in range(workers)])

    in_turn(sequential=sequential, threads=threads, processes=processes)


def break_even(workers, low):
    def sequential(numbers):
        count_primes(low, low + numbers)

    def processes(numbers):
        cuts = [low + numbers * i // workers for i in range(workers + 1)]
        start_and_join([fork.Process(target=count_primes, args=piece) for piece in zip(cuts, cuts[1:])])

    def median_seconds(run, numbers):
        def once():
            start = time.perf_counter()
            run(numbers)
            return time.perf_counter() - start

        return statistics.median(once() for _ in range(9))

    beside = median_seconds(processes, 0)
    pays = beside * workers / (workers - 1)
    report("pays", pays)
    per_number = median_seconds(sequential, 4000) / 4000
    quarter, fourfold = round(pays / 4 / per_number), round(pays * 4 / per_number)
    in_turn({
        "sequential, quarter": lambda: sequential(quarter),
        "processes, quarter": lambda: processes(quarter),
        "sequential, fourfold": lambda: sequential(fourfold),
        "processes, fourfold": lambda: processes(fourfold),
    })


def fetch(url, times):
    for _ in range(times):
        with urllib.request.urlopen(url) as answer:
            answer.read()


def io_bound(url, workers, each):
    def wait(kind):
        start_and_join([kind(target=fetch, args=(url, each)) for _ in range(workers)])

    in_turn(threads=lambda: wait(threading.Thread), processes=lambda: wait(fork.Process))


def nothing(_=None):
    pass


def starting_cost():
    def start(kind):
        start_and_join([kind(target=nothing)])

    ways = {"thread": lambda: start(threading.Thread)}
    for method in methods:
        ways[method] = lambda kind=multiprocessing.get_context(method).Process: start(kind)
    in_turn(ways)


def echo(connection):
    while message := connection.recv_bytes():
        connection.send_bytes(message)


def echo_shared(connection, name):
    memory = shared_memory.SharedMemory(name)
    while bell := connection.recv_bytes():
        size = int(bell)
        memory.buf[:size] = bytes(memory.buf[:size])  # read it all, write it all
        connection.send_bytes(bell)
    memory.close()


def talking(sizes, trips):
    memory = shared_memory.SharedMemory(create=True, size=max(sizes))
    pipe, theirs = fork.Pipe()
    bell, their_bell = fork.Pipe()
    echoes = [
        fork.Process(target=echo, args=(theirs,)),
        fork.Process(target=echo_shared, args=(their_bell, memory.name)),
    ]
    for worker in echoes:
        worker.start()

    def through_pipe(message, times):
        for _ in range(times):
            pipe.send_bytes(message)
            pipe.recv_bytes()

    def through_memory(message, times):
        size = len(message)
        for _ in range(times):
            memory.buf[:size] = message
            bell.send_bytes(b"%d" % size)
            bell.recv_bytes()
            bytes(memory.buf[:size])

    ways = {}
    for size, times in zip(sizes, trips):
        message = b"x" * size
        ways["pipe %d" % size] = lambda message=message, times=times: through_pipe(message, times)
        ways["memory %d" % size] = lambda message=message, times=times: through_memory(message, times)
    in_turn(ways)

    for connection in (pipe, bell):
        connection.send_bytes(b"")
    for worker in echoes:
        worker.join()
    memory.close()
    memory.unlink()


def half(number):
    return number // 2


def pool_map(workers, tasks):
    numbers = range(tasks)
    with fork.Pool(workers) as pool:
        in_turn({
            "chunksize 1": lambda: pool.map(half, numbers, 1),
            "chunksize 64": lambda: pool.map(half, numbers, 64),
        })


def serve(order):
    """Serves the table, but the first time a process comes to a table with a
    trap, it is killed."""
    table, trap = order
    if trap:
        try:
            os.remove(trap)
        except FileNotFoundError:
            return table
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    return table


def collect(results, patience):
    """Returns how many results come in time, and the first error instead of one."""
    deadline = time.monotonic() + patience
    served, error = 0, None
    for result in results:
        try:
            result(max(deadline - time.monotonic(), 0))
            served += 1
        except Exception as e:
            error = error or e
    return served, error


def leave():
    """Ends this process and its workers. To end such a pool in order may wait
    for ever too."""
    for worker in multiprocessing.active_children():
        worker.kill()
    os._exit(0)


def serve_with_pool(orders, patience, outcome):
    pool = multiprocessing.get_context().Pool(2)
    results = [pool.apply_async(serve, (order,)).get for order in orders]
    served, error = collect(results, patience)
    outcome.send((served, isinstance(error, multiprocessing.TimeoutError)))
    leave()


def serve_with_executor(orders, patience, outcome):
    executor = concurrent.futures.ProcessPoolExecutor(2)
    results = [executor.submit(serve, order).result for order in orders]
    served, error = collect(results, patience)
    outcome.send((served, isinstance(error, concurrent.futures.process.BrokenProcessPool)))
    leave()


def worker_dies(tables, patience):
    for name, serve_all in ("pool", serve_with_pool), ("executor", serve_with_executor):
        folder = tempfile.mkdtemp()
        trap = os.path.join(folder, "trap")
        open(trap, "w").close()
        orders = [(table, trap if table == tables // 2 else None) for table in range(tables)]
        ours, theirs = multiprocessing.Pipe()
        # In a process of its own, which can be left behind.
        waiter = multiprocessing.Process(target=serve_all, args=(orders, patience, theirs))
        waiter.start()
        served, broke = ours.recv()
        waiter.join()
        shutil.rmtree(folder)
        report(name, served)
        report(name + " broke", broke)


def costs(workers, calls, tasks, trips):
    def first_answer():
        ours, theirs = spawn.Pipe()
        worker = spawn.Process(target=echo, args=(theirs,))
        worker.start()
        ours.send_bytes(b"x")
        ours.recv_bytes()
        started.append((ours, worker))

    def there_and_back(times, call):
        for _ in range(times):
            call()

    def through_pipe():
        pipe.send_bytes(mib)
        pipe.recv_bytes()

    spawn = multiprocessing.get_context("spawn")
    started = []
    mib = bytes(1 << 20)
    pipe, theirs = fork.Pipe()
    echoing = fork.Process(target=echo, args=(theirs,))
    echoing.start()
    with fork.Pool(workers) as pool:
        in_turn({
            "spawn": first_answer,
            "apply": lambda: there_and_back(calls, lambda: pool.apply(nothing)),
            "map": lambda: pool.map(half, range(tasks), 64),
            "mib, pool": lambda: there_and_back(trips, lambda: pool.apply(itself, (mib,))),
            "mib, pipe": lambda: there_and_back(trips, through_pipe),
        })
    for connection, worker in started + [(pipe, echoing)]:
        connection.send_bytes(b"")
        worker.join()


def itself(value):
    return value


if __name__ == "__main__":
    main(own_memory, cpu_bound, break_even, io_bound, starting_cost, talking, pool_map, worker_dies, costs)
