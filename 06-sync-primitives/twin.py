"""Chapter 06 in Python: the chapter runs it beside Go, and so can you:

    PYTHONPATH=internal/python python3 06-sync-primitives/twin.py mutex
"""
import sys
import threading
import urllib.request

from measure import in_turn, main, report, rounds
from workload import start_and_join


def mutex(clerks=2, sales=50_000):
    sold = 0
    lock = threading.Lock()

    def one():
        return 1

    def bare():
        nonlocal sold
        for _ in range(sales):
            sold += 1

    def call():
        nonlocal sold
        for _ in range(sales):
            sold = sold + one()

    def locked():
        nonlocal sold
        for _ in range(sales):
            with lock:
                sold = sold + one()

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # let them meet more often
    try:
        for _ in rounds():
            for job in bare, call, locked:
                sold = 0
                start_and_join([threading.Thread(target=job) for _ in range(clerks)])
                report(job.__name__, (clerks * sales - sold) / (clerks * sales) * 1000)
    finally:
        sys.setswitchinterval(usual)


def semaphore(url, requests=12, limit=3):
    def fetch():
        with urllib.request.urlopen(url) as response:
            assert response.read() == b"ok"

    def fetch_with(connections):
        def client():
            with connections:
                fetch()
        start_and_join([threading.Thread(target=client) for _ in range(requests)])

    in_turn({
        "limited": lambda: fetch_with(threading.BoundedSemaphore(limit)),
        "at once": lambda: fetch_with(threading.BoundedSemaphore(requests)),
    })


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


def event(waiters=100):
    released = []

    def release():
        released.clear()
        doors_open = threading.Event()

        def guest():
            doors_open.wait()
            released.append(1)

        guests = [threading.Thread(target=guest) for _ in range(waiters)]
        for thread in guests:
            thread.start()
        doors_open.set()
        for thread in guests:
            thread.join()

    in_turn(release=release)
    report("released", len(released))


if __name__ == "__main__":
    main(mutex, semaphore, condition, event)
