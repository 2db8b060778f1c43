"""The toolbox in Python: the chapter runs it beside Go, and so can you:

    PYTHONPATH=internal/python python3 06-sync-primitives/toolbox/twin.py once 9 '{"url": "http://..."}'
"""
import sys
import threading
import urllib.request

from measure import in_turn, main, report, rounds
from workload import start_and_join


def fetch(url):
    with urllib.request.urlopen(url) as response:
        assert response.read() == b"ok"


def queue(url, cooks, orders):
    from queue import Empty, Queue

    # part: asking
    def asking(orders):
        while True:
            if not orders.empty():
                return orders.get()

    # part: end
    def blocking(orders):
        return orders.get()

    def serve(take):
        def guest():
            try:
                fetch(url)
            finally:
                q.put("soup")

        q = Queue(10)
        thread = threading.Thread(target=guest)
        thread.start()
        take(q)
        thread.join()

    in_turn(asking=lambda: serve(asking), blocking=lambda: serve(blocking))

    def race():
        q, taken, late = Queue(), [], []
        q.put("soup")

        def cook():
            while len(taken) < orders:
                if not q.empty():
                    try:
                        taken.append(q.get_nowait())
                    except Empty:
                        late.append(1)
                    else:
                        q.put("soup")

        start_and_join([threading.Thread(target=cook) for _ in range(cooks)])
        return len(late)

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # let them meet more often
    try:
        for _ in rounds():
            report("late", race())
    finally:
        sys.setswitchinterval(usual)


def barrier(quick, lazy, parties):
    def run(wait):
        def cook(party):
            for course in range(parties):
                fetch(lazy if course == party else quick)
                arrived[course].append(party)
                wait()
                if len(arrived[course]) < parties:
                    early.append(party)

        arrived, early = [[] for _ in range(parties)], []
        start_and_join([threading.Thread(target=cook, args=(party,)) for party in range(parties)])
        return len(early)

    def together():
        report("early, together", run(table.wait))

    def alone():
        report("early, alone", run(lambda: None))

    def impatient():
        broken = []
        table = threading.Barrier(parties)

        def wait(timeout=None):
            try:
                table.wait(timeout)
            except threading.BrokenBarrierError:
                broken.append(1)

        others = [threading.Thread(target=wait) for _ in range(parties - 2)]
        for thread in others:
            thread.start()
        wait(0.002)
        wait()  # too late
        for thread in others:
            thread.join()
        report("not told", parties - len(broken))

    table = threading.Barrier(parties, timeout=10)
    in_turn(together=together, alone=alone, impatient=impatient)


def once(url, guests):
    import functools

    # part: cache
    @functools.cache
    def menu():
        requests.append(1)
        fetch(url)
        return "soup, cake, tea"

    # part: lock
    lock = threading.Lock()
    printed = None  # the flag

    def printed_once():
        nonlocal printed
        with lock:
            if printed is None:
                requests.append(1)
                fetch(url)
                printed = "soup, cake, tea"
            return printed

    # part: end
    requests = []

    def ask(how):
        requests.clear()
        start_and_join([threading.Thread(target=how) for _ in range(guests)])
        return len(requests)

    for _ in rounds():
        menu.cache_clear()
        calls = ask(menu)
        report("cache", calls)
        report("again", calls > 1)
        printed = None
        report("lock", ask(printed_once))


def errgroup(quick, lazy, requests):
    from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

    def run(last):
        started = threading.Barrier(requests + 1)

        def slow():
            started.wait()
            fetch(lazy)

        def hasty():
            started.wait()  # so that all others run when this one fails
            fetch(quick)
            last()

        # part: pool
        with ThreadPoolExecutor(requests + 1) as pool:
            tasks = [pool.submit(slow) for _ in range(requests)]
            tasks.append(pool.submit(hasty))
            _, running = wait(tasks, return_when=FIRST_EXCEPTION)
            cancelled = sum(task.cancel() for task in running)
        # part: end
        return cancelled, sum(not task.cancelled() for task in tasks[:requests])

    def burn():
        raise RuntimeError("the cake is burnt")

    def fails():
        cancelled, completed = run(burn)
        report("cancelled", cancelled)
        report("completed", completed)

    in_turn(fails=fails, well=lambda: run(lambda: None))


def singleflight(url, guests):
    from concurrent.futures import Future

    known, flights, lock, requests = {}, {}, threading.Lock(), []

    def request(dish):
        requests.append(dish)
        fetch(url)
        return 5

    def stampede():
        if "soup" not in known:
            known["soup"] = request("soup")
        return known["soup"]

    # part: flight
    def price(dish):
        with lock:
            if dish in known:
                return known[dish]
            mine = dish not in flights
            if mine:
                flights[dish] = Future()
            flight = flights[dish]
        if mine:
            try:
                known[dish] = request(dish)
                flight.set_result(known[dish])
            except BaseException as error:
                flight.set_exception(error)
            finally:
                with lock:
                    del flights[dish]
        return flight.result()

    # part: end
    def ask(how):
        for cache in known, flights, requests:
            cache.clear()
        start_and_join([threading.Thread(target=how) for _ in range(guests)])
        return len(requests)

    for _ in rounds():
        report("stampede", ask(stampede))
        report("flight", ask(lambda: price("soup")))


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
