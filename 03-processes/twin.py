"""Chapter 03 in Python: the chapter runs it beside Go, and so can you:

    PYTHONPATH=internal/python python3 03-processes/twin.py cpu-bound
"""
import multiprocessing
import os
import threading

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


def nothing():
    pass


def starting_cost():
    def start(kind):
        start_and_join([kind(target=nothing)])

    ways = {"thread": lambda: start(threading.Thread)}
    for method in methods:
        ways[method] = lambda kind=multiprocessing.get_context(method).Process: start(kind)
    in_turn(ways)


if __name__ == "__main__":
    main(own_memory, cpu_bound, starting_cost)
