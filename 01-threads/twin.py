"""Chapter 01 in Python: the chapter runs it beside Go, and so can you:

    PYTHONPATH=internal/python python3 01-threads/twin.py shared-memory
"""
import os
import subprocess
import sys
import threading

from measure import in_turn, main, report, rounds
from workload import count_primes, start_and_join

orders = [""] * 3  # a global variable: every thread of this process has it


def smallest_unit(count):
    go_on = threading.Event()
    ids = set()

    def wait():
        ids.add(threading.get_native_id())
        go_on.wait()

    threads = [threading.Thread(target=wait) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        report("threads", len(os.listdir("/proc/self/task")))
    except OSError:  # elsewhere: as many as there are numbers given by the system
        report("threads", len(ids))
    go_on.set()
    for thread in threads:
        thread.join()


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


class Order:
    dish, ready = "", False


def seen_by_all():
    for _ in rounds():
        order = Order()

        def cook():
            order.dish = "soup"
            order.ready = True

        thread = threading.Thread(target=cook)
        thread.start()
        while not order.ready:
            pass
        report("seen", order.dish == "soup")
        thread.join()


class Counter:
    value = 0


def one():
    return 1


def lost_update(times):
    def read_write(counter, _):
        for _ in range(times):
            counter.value = counter.value + one()

    def with_lock(counter, lock):
        for _ in range(times):
            with lock:
                counter.value = counter.value + one()

    interval_before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    for _ in rounds():
        for name, job in ("read, write", read_write), ("with a lock", with_lock):
            counter, lock = Counter(), threading.Lock()
            start_and_join([threading.Thread(target=job, args=(counter, lock)) for _ in range(2)])
            report(name, 2 * times - counter.value)
    sys.setswitchinterval(interval_before)


def concurrent_or_parallel(workers=2, high=10_000):
    def sequential():
        for _ in range(workers):
            count_primes(0, high)

    def threads():
        start_and_join([threading.Thread(target=count_primes, args=(0, high)) for _ in range(workers)])

    in_turn(sequential=sequential, threads=threads)


def io_in_threads(url, workers, each):
    import urllib.request

    def fetch(times):
        for _ in range(times):
            with urllib.request.urlopen(url) as answer:
                assert answer.read() == b"ok"

    in_turn(
        sequential=lambda: fetch(workers * each),
        threads=lambda: start_and_join([threading.Thread(target=fetch, args=(each,)) for _ in range(workers)]),
    )


def thread_cost(count):
    def resident():
        try:
            with open("/proc/self/statm") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:  # only Linux has such a file
            return 0

    seen = []

    def threads():
        before, go_on = resident(), threading.Event()
        waiting = [threading.Thread(target=go_on.wait) for _ in range(count)]
        for thread in waiting:
            thread.start()
        seen.append((resident() - before) / count / 1024)
        go_on.set()
        for thread in waiting:
            thread.join()

    in_turn(threads=threads)
    if seen[0]:
        report("KiB", seen[0])  # the first time: later, memory is used again


WAITS = """
import threading, time
threading.Thread(target=lambda: (time.sleep(0.05), print("the thread ends"))).start()
print("main ends")
"""
RAISES = """
import threading
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
print("main goes on")
"""


def life_and_death():
    def run(text):
        return subprocess.run([sys.executable, "-c", text], capture_output=True, text=True)

    waited, raised = run(WAITS), run(RAISES)
    report("waited for its thread", waited.stdout.split("\n")[:2] == ["main ends", "the thread ends"])
    report("survived an exception", "main goes on" in raised.stdout and "ZeroDivisionError" in raised.stderr)


if __name__ == "__main__":
    main(
        smallest_unit, shared_memory, seen_by_all, lost_update,
        concurrent_or_parallel, io_in_threads, thread_cost, life_and_death,
    )
