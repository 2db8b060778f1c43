"""Chapter 01 in Python: the chapter runs it beside Go, and so can you:

    PYTHONPATH=internal/python python3 01-threads/twin.py shared-memory
"""
import threading

from measure import in_turn, main, report
from workload import count_primes, start_and_join

orders = [""] * 3  # a global variable: every thread of this process has it


def shared_memory(count=4):
    ids, addresses = [], []
    everyone = threading.Barrier(count)

    def cook():
        ids.append(threading.get_native_id())
        addresses.append(id(orders))
        everyone.wait()  # all of them live at once, so no number is given twice

    start_and_join([threading.Thread(target=cook) for _ in range(count)])
    report("threads", len(set(ids)))
    report("addresses", len(set(addresses)))


def concurrent_or_parallel(workers=2, high=10_000):
    def sequential():
        for _ in range(workers):
            count_primes(0, high)

    def threads():
        start_and_join([threading.Thread(target=count_primes, args=(0, high)) for _ in range(workers)])

    in_turn(sequential=sequential, threads=threads)


if __name__ == "__main__":
    main(shared_memory, concurrent_or_parallel)
