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

    # part: blocking
    def blocking(orders):
        return orders.get()

    # part: end
    def serve(take):
        def guest():
            fetch(url)
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
            report("late", race() * 1000 / orders)
    finally:
        sys.setswitchinterval(usual)


if __name__ == "__main__":
    main(queue)
