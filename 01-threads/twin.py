"""What chapter 01 measures in Python, beside Go: the sections' own programs.

    PYTHONPATH=internal/python python3 01-threads/twin.py shared-memory
"""
import os
import subprocess
import sys

from measure import in_turn, main, report, rounds, timed


def smallest_unit():
    import asyncio

    import smallest_unit as lesson

    for _ in rounds():
        report("threads", lesson.threads_of(50))
        report("tasks", asyncio.run(lesson.tasks_of(10_000)))


def shared_memory():
    import threading

    import shared_memory as lesson

    def read():
        report("read", lesson.orders[1] == "Grace cooks order 2")

    for _ in rounds():
        lesson.orders[1] = ""
        for job in (lambda: lesson.cook(1, "Grace")), read:
            thread = threading.Thread(target=job)
            thread.start()
            thread.join()


def any_order(dishes, starts):
    import any_order as lesson

    for _ in rounds():
        for _ in range(starts):
            order = 0  # 1324, say
            for dish in lesson.finishing_order(dishes):
                order = 10 * order + 1 + dishes.index(dish)
            report("order", order)


def seen_by_all():
    import seen_by_all as lesson

    for _ in rounds():
        report("seen", lesson.told_by_flag() == "soup")


def io_in_threads(host, port, workers, each):
    import io_in_threads as lesson

    in_turn({
        "in turn": lambda: lesson.fetch(host, port, workers * each),
        "threads": lambda: lesson.fetch_in_threads(host, port, workers, each),
    })


def thread_cost():
    import asyncio

    import thread_cost as lesson

    def resident():
        try:
            with open("/proc/self/statm") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:  # only Linux has such a file
            return 0

    def memory(name, count):
        before = resident()
        return lambda: before and report(name, (resident() - before) / count)

    def nothing():
        pass

    for n in rounds():
        # Memory counts in the first round only: later, it is used again.
        look = memory("memory of task", 10_000) if n == 1 else nothing
        seconds = timed(lambda: asyncio.run(lesson.tasks_for(10_000, look)))
        report("all of task", seconds)
        report("one task", seconds / 10_000)
        look = memory("memory of thread", 1000) if n == 1 else nothing
        report("one thread", timed(lambda: lesson.threads_for(1000, look)) / 1000)
        if n == 1:  # it takes seconds
            ten_thousand(lesson.threads_for)


def ten_thousand(threads_for):
    """Tries to have 10,000 threads at once."""
    import threading

    started = []
    try:
        seconds = timed(lambda: threads_for(10_000, lambda: started.append(threading.active_count() - 1)))
    except RuntimeError:  # can't start new thread
        report("started", threading.active_count() - 1)
        report("all of thread of 10,000", 0)
        return
    report("started", started[0])
    report("all of thread of 10,000", seconds)
    report("one thread of 10,000", seconds / 10_000)


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
    report("waited", waited.stdout.split("\n")[:2] == ["main ends", "the thread ends"])
    report("survived", "main goes on" in raised.stdout and "ZeroDivisionError" in raised.stderr)


if __name__ == "__main__":
    main()
