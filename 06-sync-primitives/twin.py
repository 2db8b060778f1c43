"""What chapter 06 measures in Python, beside Go: the sections' own programs.

    PYTHONPATH=internal/python python3 06-sync-primitives/twin.py mutex
"""
import contextlib
import sys
import threading
import time
import urllib.request

from measure import in_turn, main, report, rounds
from workload import start_and_join


@contextlib.contextmanager
def frequent_switches():
    """Lets threads meet more often."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def fetch(url):
    with urllib.request.urlopen(url) as response:
        assert response.read() == b"ok"


def why_at_all(sales=100_000):
    import why_at_all as lesson

    for _ in rounds():
        c, orders = lesson.Counter(), []
        with frequent_switches():
            lesson.in_two_threads(lesson.count, c, sales)
            lesson.in_two_threads(lesson.take_orders, orders, sales)
        report("sales", 2 * sales - c.value)
        report("orders", 2 * sales - len(orders))


def mutex(reads=100_000):
    import mutex as lesson

    def torn(menu):
        stop = threading.Event()

        def cook():
            while not stop.is_set():
                menu.change("cake")
                menu.change("soup")

        thread = threading.Thread(target=cook)
        thread.start()
        count = 0
        for _ in range(reads):
            dish, price = menu.read()
            count += price != lesson.PRICES[dish]
        stop.set()
        thread.join()
        return count

    def held_by_another(others):
        lock, got = threading.Lock(), []

        def attempt():
            if lock.acquire(blocking=False):
                got.append(1)

        with lock:
            start_and_join([threading.Thread(target=attempt) for _ in range(others)])
        return len(got)

    for _ in rounds():
        with frequent_switches():
            report("no lock", torn(lesson.Menu()))
            report("locked", torn(lesson.LockedMenu()))
            report("replaced", torn(lesson.ReplacedMenu()))
        report("held by another", held_by_another(100))
        reentrant = threading.RLock()
        with reentrant:
            report("again", reentrant.acquire(blocking=False))
            reentrant.release()


def semaphore(url, clients, connections):
    import semaphore as lesson

    def run(name, limit):
        slots = threading.BoundedSemaphore(limit)
        report("most, " + name, lesson.most_inside(slots, clients, lambda: fetch(url)))

    in_turn({
        "limited": lambda: run("limited", connections),
        "at once": lambda: run("at once", clients),
    })
    for kind in threading.Semaphore, threading.BoundedSemaphore:
        slots = kind(3)
        try:
            slots.release()
            refused = False
        except ValueError:
            refused = True
        entered = 0
        while slots.acquire(blocking=False):
            entered += 1
        report("refused, " + kind.__name__, refused)
        report("lets in, " + kind.__name__, entered)


def condition(url):
    for _ in rounds():
        timed_out, _ = meet_timeout(notify=lambda condition: None)
        _, notified = meet_timeout(notify=lambda condition: condition.notify(1))
        report("looks", looks_until_served(url))
        report("timed out, and there", timed_out)
        report("notified", notified)


def looks_until_served(url):
    """Returns how often a guest looks at the counter until its dish is there."""
    import condition as lesson

    counter, here, looks = lesson.Counter(), threading.Event(), []

    def guest():
        with counter.filled:
            here.set()
            looks.append(1)
            while not counter.dishes:
                counter.filled.wait()
                looks.append(1)

    thread = threading.Thread(target=guest)
    thread.start()
    here.wait()
    fetch(url)
    counter.put("soup")
    thread.join()
    return len(looks)


def meet_timeout(notify):
    """As meetTimeout in lab_condition.go does."""
    filled = threading.Condition()
    dishes = []
    notified = []
    timed_out = False

    def guest(timeout):
        nonlocal timed_out
        with filled:
            here.set()
            if filled.wait(timeout):
                notified.append(1)
            elif timeout == hurried:
                timed_out = bool(dishes)

    hurried, patient = 0.02, 0.08
    guests = []
    for timeout in hurried, patient:
        here = threading.Event()
        guests.append(threading.Thread(target=guest, args=(timeout,)))
        guests[-1].start()
        here.wait()
        with filled:  # we have the lock, so the guest is in wait
            pass
    with filled:
        time.sleep(hurried * 1.5)  # the first guest's time is over: it wants the lock
        dishes.append("soup")
        notify(filled)
    for thread in guests:
        thread.join()
    return timed_out, len(notified)


def event(guests):
    import event as lesson

    def released_by(act):
        doors_open, inside = threading.Event(), []
        threads = lesson.start_guests(doors_open, guests, inside)
        act(doors_open)
        give_up = time.monotonic() + 5
        while len(inside) < guests and time.monotonic() < give_up:
            time.sleep(0.001)
        released = len(inside)
        doors_open.set()  # for those that were not
        for thread in threads:
            thread.join()
        return released

    def set_and_clear(doors_open):
        while len(doors_open._cond._waiters) < guests:  # until all of them wait
            time.sleep(0.001)
        doors_open.set()
        doors_open.clear()

    for _ in rounds():
        report("released", released_by(threading.Event.set))
        report("pulse", released_by(set_and_clear))


def costs(times, waiters):
    import queue as queues
    import time

    def acquire_and_release(lock):
        acquire, release = lock.acquire, lock.release
        for _ in range(times):
            acquire()
            release()

    def set_wait_clear():
        event = threading.Event()
        for _ in range(times):
            event.set()
            event.wait()
            event.clear()

    def notify():
        condition = threading.Condition()
        for _ in range(times):
            with condition:
                condition.notify()

    def alone():
        wait = threading.Barrier(1).wait
        for _ in range(times):
            wait()

    def put_and_get():
        orders = queues.Queue()
        for order in range(times):
            orders.put(order)
            orders.get()

    def wake(name, before, wait, settle, call):
        ready, returned, last = [], [], threading.Semaphore(0)

        def waiter():
            with before:
                ready.append(1)
                wait()
            returned.append(1)
            if len(returned) == waiters:
                last.release()

        threads = [threading.Thread(target=waiter) for _ in range(waiters)]
        for thread in threads:
            thread.start()
        while len(ready) < waiters:
            time.sleep(0.001)
        settle()
        start = time.perf_counter()
        call()
        last.acquire()
        report(name, time.perf_counter() - start)
        for thread in threads:
            thread.join()

    def wake_condition():
        condition = threading.Condition()

        def settle():  # each is ready under the lock, and gives it back when it waits
            with condition:
                pass

        def call():
            with condition:
                condition.notify_all()

        wake("their Condition wakes", condition, condition.wait, settle, call)

    def wake_event():
        import contextlib

        event = threading.Event()
        wake("their Event wakes", contextlib.nullcontext(), event.wait, lambda: time.sleep(0.01), event.set)

    in_turn({
        "their Semaphore": lambda: acquire_and_release(threading.Semaphore()),
        "their BoundedSemaphore": lambda: acquire_and_release(threading.BoundedSemaphore()),
        "their RLock": lambda: acquire_and_release(threading.RLock()),
        "their Event": set_wait_clear,
        "their Condition": notify,
        "their Barrier": alone,
        "their Queue": put_and_get,
        "wake, Condition": wake_condition,
        "wake, Event": wake_event,
    })


if __name__ == "__main__":
    main()
