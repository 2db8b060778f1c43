"""Chapter 03 in Python: the chapter runs it beside Go, and so can you:

    PYTHONPATH=internal/python python3 03-processes/twin.py cpu-bound
"""
import multiprocessing
import os
import threading

from measure import in_turn, main, report
from workload import count_primes, start_and_join

# A process that is spawned imports this file again: what one section needs is
# imported there.

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

    # part: ways
    def threads():
        start_and_join([threading.Thread(target=share, args=(i,)) for i in range(workers)])

    def processes():
        start_and_join([fork.Process(target=share, args=(i,)) for i in range(workers)])
    # part: end

    in_turn(sequential=sequential, threads=threads, processes=processes)


def break_even(workers, low):
    import statistics
    import time

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
    tenth, tenfold = round(pays / 10 / per_number), round(pays * 10 / per_number)
    in_turn({
        "sequential, a tenth": lambda: sequential(tenth),
        "processes, a tenth": lambda: processes(tenth),
        "sequential, tenfold": lambda: sequential(tenfold),
        "processes, tenfold": lambda: processes(tenfold),
    })


def fetch(url, times):
    import urllib.request

    for _ in range(times):
        with urllib.request.urlopen(url) as answer:
            answer.read()


def io_bound(url, workers, each):
    import urllib.request  # once, for the processes too

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
    from multiprocessing import shared_memory

    memory = shared_memory.SharedMemory(name)
    while bell := connection.recv_bytes():
        size = int(bell)
        memory.buf[size - 1] = (memory.buf[size - 1] + 1) % 256
        connection.send_bytes(bell)
    memory.close()


def talking(sizes, trips):
    from multiprocessing import shared_memory

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
    """Serves the table. Where there is a trap, the first worker to come is killed."""
    import signal

    table, trap = order
    count_primes(0, 3000)
    if trap:
        try:
            os.remove(trap)
        except FileNotFoundError:
            return table
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    return table


def serve_all(kind, orders, patience, outcome):
    """Tells how many orders were served in time, and what came in place of one."""
    import concurrent.futures
    import time

    if kind == "pool":
        pool = multiprocessing.Pool(2)
        results = [pool.apply_async(serve, (order,)).get for order in orders]
    else:
        executor = concurrent.futures.ProcessPoolExecutor(2)
        results = [executor.submit(serve, order).result for order in orders]
    deadline = time.monotonic() + patience
    served, instead = 0, ""
    for result in results:
        try:
            result(max(deadline - time.monotonic(), 0))
            served += 1
        except Exception as error:
            instead = type(error).__name__
    outcome.send((served, instead))
    # To end such a pool in order may wait for ever too.
    for worker in multiprocessing.active_children():
        worker.kill()
    os._exit(0)


def worker_dies(tables, patience):
    import tempfile

    for kind, expected in ("pool", "TimeoutError"), ("executor", "BrokenProcessPool"):
        with tempfile.TemporaryDirectory() as folder:
            trap = os.path.join(folder, "trap")
            open(trap, "w").close()
            orders = [(table, trap if table == tables // 2 else None) for table in range(tables)]
            ours, theirs = multiprocessing.Pipe()
            waiter = multiprocessing.Process(target=serve_all, args=(kind, orders, patience, theirs))
            waiter.start()
            served, instead = ours.recv()
            waiter.join()
        report(kind, served)
        report(expected, instead == expected)


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
            "Pool.map": lambda: pool.map(half, range(tasks), 64),
            "mib, pool": lambda: there_and_back(trips, lambda: pool.apply(itself, (mib,))),
            "mib, pipe": lambda: there_and_back(trips, through_pipe),
        })
    for connection, worker in started + [(pipe, echoing)]:
        connection.send_bytes(b"")
        worker.join()


def itself(value):
    return value


if __name__ == "__main__":
    main()
