"""Chapter 06 in Python: the chapter runs it beside Go, and so can you:

    PYTHONPATH=internal/python python3 06-sync-primitives/twin.py mutex
"""
import contextlib
import sys
import threading
import time
import urllib.request

from measure import in_turn, main, report, rounds
from workload import start_and_join


def why_at_all(clerks=2, sales=50_000):
    sold = 0
    orders = []

    def one():
        return 1

    def count():
        nonlocal sold
        for _ in range(sales):
            sold += 1

    def call():
        nonlocal sold
        for _ in range(sales):
            sold = sold + one()

    def append():
        for _ in range(sales):
            orders.append(one())

    with frequent_switches():
        for _ in rounds():
            for job in count, call, append:
                sold = 0
                orders.clear()
                start_and_join([threading.Thread(target=job) for _ in range(clerks)])
                done = len(orders) if job is append else sold
                report(job.__name__, (clerks * sales - done) / (clerks * sales) * 1000)


@contextlib.contextmanager
def frequent_switches():
    """Lets threads meet more often."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def mutex(reads=20_000):
    lock = threading.Lock()
    menu = {"dish": "soup", "price": 4}

    def change(dish, price):
        with lock:
            menu["dish"] = dish
            menu["price"] = price

    def first_part():
        with lock:
            return menu["dish"]

    def second_part():
        with lock:
            return menu["price"]

    def two_calls():
        return first_part(), second_part()

    def locked_once():
        with lock:
            return menu["dish"], menu["price"]

    def torn(read):
        stop = threading.Event()

        def cook():
            while not stop.is_set():
                change("cake", 6)
                change("soup", 4)

        thread = threading.Thread(target=cook)
        thread.start()
        count = 0
        for _ in range(reads):
            dish, price = read()
            count += (dish == "soup") != (price == 4)
        stop.set()
        thread.join()
        return count / reads * 1000

    with frequent_switches():
        for _ in rounds():
            report("two calls", torn(two_calls))
            report("locked once", torn(locked_once))
            reentrant = threading.RLock()
            with reentrant:
                report("acquired again", reentrant.acquire(blocking=False))
                reentrant.release()


def semaphore(url, requests=12, limit=3):
    def fetch():
        with urllib.request.urlopen(url) as response:
            assert response.read() == b"ok"

    inside = most = 0
    lock = threading.Lock()

    def enter(by):
        nonlocal inside, most
        with lock:
            inside += by
            most = max(most, inside)

    def fetch_with(connections):
        def client():
            with connections:
                enter(1)
                fetch()
                enter(-1)
        start_and_join([threading.Thread(target=client) for _ in range(requests)])

    def limited():
        nonlocal most
        most = 0
        fetch_with(threading.BoundedSemaphore(limit))
        report("most", most)

    in_turn({
        "limited": limited,
        "at once": lambda: fetch_with(threading.BoundedSemaphore(requests)),
    })
    over_release(limit)


def over_release(limit):
    connections = threading.BoundedSemaphore(limit)
    try:
        connections.release()
        report("refused", False)
    except ValueError:
        report("refused", True)
    entered = 0
    while connections.acquire(blocking=False):
        entered += 1
    report("can enter", entered)


def condition(url):
    filled = threading.Condition()
    dishes = []

    def cook():
        with urllib.request.urlopen(url) as response:
            response.read()
        with filled:
            dishes.append("soup")
            filled.notify()

    def serve(take):
        dishes.clear()
        kitchen = threading.Thread(target=cook)
        kitchen.start()
        take()
        kitchen.join()

    def asking():
        while True:
            with filled:
                if dishes:
                    return

    def waiting():
        with filled:
            while not dishes:
                filled.wait()

    in_turn(asking=lambda: serve(asking), waiting=lambda: serve(waiting))
    for _ in rounds():
        timed_out, _ = meet_timeout(tell=lambda condition: None)
        _, told = meet_timeout(tell=lambda condition: condition.notify(1))
        report("timed out, and there", timed_out)
        report("told", told)


def meet_timeout(tell):
    """As meetTimeout in condition.go does."""
    filled = threading.Condition()
    dishes = []
    told = []
    timed_out = False

    def guest(timeout):
        nonlocal timed_out
        with filled:
            here.set()
            if filled.wait(timeout):
                told.append(1)
            elif timeout == hurried:
                timed_out = bool(dishes)

    hurried, patient = 0.02, 0.1
    guests = []
    for timeout in hurried, patient:
        here = threading.Event()
        guests.append(threading.Thread(target=guest, args=(timeout,)))
        guests[-1].start()
        here.wait()
        with filled:  # it can be had: so the guest waits
            pass
    with filled:
        time.sleep(hurried * 1.5)  # the first guest's time is over: it wants the lock
        dishes.append("soup")
        tell(filled)
    for thread in guests:
        thread.join()
    return timed_out, len(told)


def event(waiters=100):
    released = []

    def release(act):
        released.clear()
        doors_open = threading.Event()

        def guest():
            waiting.release()
            if doors_open.wait(10):
                released.append(1)

        waiting = threading.Semaphore(0)
        guests = [threading.Thread(target=guest) for _ in range(waiters)]
        for thread in guests:
            thread.start()
        for _ in guests:
            waiting.acquire()
        act(doors_open)
        return guests

    def set_doors_open():
        for thread in release(threading.Event.set):
            thread.join()

    def pulse(doors_open):
        # A guest that has said that it waits may be about to.
        while len(doors_open._cond._waiters) < waiters:
            time.sleep(0.001)
        doors_open.set()
        doors_open.clear()

    in_turn(release=set_doors_open)
    report("released", len(released))
    for thread in release(pulse):
        thread.join()
    report("let in", len(released))


if __name__ == "__main__":
    main()
