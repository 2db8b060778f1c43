"""What the toolbox measures in Python, beside Go: the sections' own programs.

    PYTHONPATH=internal/python python3 06-sync-primitives/toolbox/twin.py once 9 '{"url": "http://...", "guests": 20}'
"""
import sys
import threading
import urllib.request

from measure import in_turn, main, report, rounds
from workload import start_and_join


def fetch(url):
    with urllib.request.urlopen(url) as response:
        assert response.read() == b"ok"


async def fetch_async(url):
    import asyncio

    reader, writer = await asyncio.open_connection(*url.removeprefix("http://").strip("/").split(":"))
    writer.write(b"GET / HTTP/1.0\r\n\r\n")
    answer = await reader.read()
    assert answer.endswith(b"ok"), answer
    writer.close()


def errgroup(quick, lazy, requests):
    import asyncio
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

        with ThreadPoolExecutor(requests + 1) as pool:
            tasks = [pool.submit(slow) for _ in range(requests)]
            tasks.append(pool.submit(hasty))
            _, running = wait(tasks, return_when=FIRST_EXCEPTION)
            cancelled = sum(task.cancel() for task in running)
        return cancelled, sum(not task.cancelled() for task in tasks[:requests])

    def burn():
        raise RuntimeError("the cake is burnt")

    def fails():
        cancelled, completed = run(burn)
        report("cancelled", cancelled)
        report("completed", completed)

    async def run_tasks(last):
        """The same in a TaskGroup; returns how many of the slow ones ended well."""
        completed = []

        async def slow():
            await fetch_async(lazy)
            completed.append(1)

        async def hasty():
            await fetch_async(quick)
            last()

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(requests):
                    group.create_task(slow())
                group.create_task(hasty())
        except Exception as group:  # except* would keep out Python 3.10
            if group.split(RuntimeError)[1]:
                raise
        return len(completed)

    def task_fails():
        report("tasks completed", asyncio.run(run_tasks(burn)))

    variants = {"fails": fails, "well": lambda: run(lambda: None)}
    if hasattr(asyncio, "TaskGroup"):
        variants |= {"tasks, fails": task_fails, "tasks, well": lambda: asyncio.run(run_tasks(lambda: None))}
    in_turn(variants)


def bounded_queue(cooks, orders):
    from queue import Empty, Queue

    def put_into_full():
        """As putIntoFull in lab_bounded_queue.go does."""
        dishes, done, early = Queue(1), Queue(), 0
        ready = threading.Barrier(cooks + 1)
        dishes.put(0)

        def cook():
            ready.wait()
            dishes.put(1)
            done.put(1)

        kitchen = [threading.Thread(target=cook) for _ in range(cooks)]
        for thread in kitchen:
            thread.start()
        ready.wait()
        for _ in range(cooks):
            early += done.qsize()
            dishes.get()
            done.get()  # the one that it made room for
        for thread in kitchen:
            thread.join()
        return early

    def look_then_take():
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
    for _ in rounds():
        report("early", put_into_full())
        sys.setswitchinterval(1e-5)  # lets them meet more often
        report("late", look_then_take())
        sys.setswitchinterval(usual)


def once(url, guests):
    import once as lesson

    lesson.all_have_asked.set()  # here, printing takes a request

    def asked(how):
        before = len(lesson.printed)
        lesson.print_menu.cache_clear()
        start_and_join([threading.Thread(target=how) for _ in range(guests)])
        return len(lesson.printed) - before

    class Slow(list):
        def append(self, item):
            super().append(item)
            fetch(url)

    lesson.printed = Slow()
    for _ in rounds():
        calls = asked(lesson.print_menu)
        report("cache", calls)
        report("again", calls > 1)
        report("lock", asked(lesson.menu))
        report("tries", tries_after_error(lesson))


def tries_after_error(lesson):
    """Asks twice for a menu whose first print fails; returns how often it's tried."""
    tries, printed = [], lesson.printed

    class Jammed(list):
        def append(self, item):
            tries.append(item)
            if len(tries) == 1:
                raise RuntimeError("no paper")

    lesson.print_menu.cache_clear()
    lesson.printed = Jammed()
    for _ in range(2):
        try:
            lesson.menu()
        except RuntimeError:
            pass
    lesson.printed = printed
    return len(tries)


def singleflight(url, guests):
    import singleflight as lesson

    requests = []

    def request(dish):
        requests.append(dish)
        fetch(url)
        return 5

    for _ in rounds():
        for name, way in ("stampede", lesson.Prices.look_or_fetch), ("flight", lesson.Prices.price):
            requests.clear()
            prices = lesson.Prices(request, known={})
            start_and_join([threading.Thread(target=way, args=(prices, "soup")) for _ in range(guests)])
            report(name, len(requests))


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


def context(patience):
    import asyncio
    from queue import Empty, Queue

    async def one_deadline():
        orders, stove, ready = asyncio.Queue(), asyncio.Lock(), asyncio.Event()
        await stove.acquire()
        deadline = asyncio.get_running_loop().time() + patience
        for wait in orders.get, stove.acquire, ready.wait:
            try:
                async with asyncio.timeout_at(deadline):
                    await wait()
            except TimeoutError:
                pass

    def one_each():
        orders, stove, ready = Queue(), threading.Lock(), threading.Event()
        stove.acquire()
        try:
            orders.get(timeout=patience)
        except Empty:
            pass
        stove.acquire(timeout=patience)
        ready.wait(timeout=patience)

    in_turn({"one deadline": lambda: asyncio.run(one_deadline()), "one each": one_each})


if __name__ == "__main__":
    main()
