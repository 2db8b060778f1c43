"""What chapter 02 measures in Python, beside Go: the sections' own programs.

    PYTHONPATH=internal/python python3 02-gil/twin.py cpu-bound
"""
import sys
import threading
import time

from measure import again, cpu_time, in_turn, main, report, rounds, timed


def cpu_bound(turns, megabytes):
    import hashlib

    import cpu_bound as lesson

    data = bytes(megabytes << 20)

    def digest():
        hashlib.sha256(data).digest()

    in_turn({
        "1 thread": lambda: lesson.in_threads(1, lesson.count_down, turns),
        "2 threads": lambda: lesson.in_threads(2, lesson.count_down, turns // 2),
        "4 threads": lambda: lesson.in_threads(4, lesson.count_down, turns // 4),
        "digests": lambda: (digest(), digest()),
        "digests in 2 threads": lambda: lesson.in_threads(2, digest),
    })


def letting_go(url, requests):
    import bz2
    import hashlib
    import json
    import urllib.request
    import zlib

    import cpu_bound as lesson

    def fetch():
        with urllib.request.urlopen(url) as response:
            assert response.read() == b"ok"

    data, numbers = bytes(range(256)) * 8192, list(range(100_000))
    large = data * 8  # made here: to copy is to hold the GIL
    text, words = json.dumps(numbers), [str(n * 7919 % 100_003) for n in numbers]
    jobs = {
        "hashlib.sha256": lambda: hashlib.sha256(large).digest(),
        "zlib.compress": lambda: zlib.compress(data),
        "bz2.compress": lambda: bz2.compress(data[:1 << 18]),
        "json.loads": lambda: json.loads(text),
        "sorted": lambda: sorted(words),
        "7777 ** 50_000": lambda: 7777 ** 50_000,
    }
    try:
        import numpy

        matrix = numpy.random.rand(400, 400)
        jobs["numpy, a @ b"] = lambda: matrix @ matrix
    except ImportError:
        pass
    for _ in rounds():
        report("in turn", timed(lambda: [fetch() for _ in range(requests)]))
        report("in threads", timed(lambda: lesson.in_threads(requests, fetch)))
        for name, job in jobs.items():
            cpu, start = cpu_time(), time.perf_counter()
            lesson.in_threads(2, job)
            report(name, (cpu_time() - cpu) / (time.perf_counter() - start))
    c_api_without_lock()


WITH_LOCK, WITHOUT = "PyDLL", "CDLL"  # ctypes' own: the one keeps the GIL, the other releases it
C_API = """
import ctypes
api = ctypes.%s(None)
api.PyList_New.argtypes, api.PyList_New.restype = [ctypes.c_ssize_t], ctypes.c_void_p
print(bool(api.PyList_New(0)))
"""


def c_api_without_lock():
    """Makes a list through Python's C API, with the lock and without."""
    import subprocess

    for name in WITH_LOCK, WITHOUT:
        done = subprocess.run([sys.executable, "-c", C_API % name], capture_output=True, text=True)
        report(name, done.returncode)


def pings(program, interval, computing, seconds):
    """Answers the pings of the program, while other threads compute."""
    import json
    import socket
    import subprocess

    import convoy as lesson

    interval_before = sys.getswitchinterval()
    sys.setswitchinterval(interval)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()
        threads = [threading.Thread(target=lesson.answer, args=(listener,))]
        threads += [threading.Thread(target=lesson.compute, args=(stop,)) for _ in range(computing)]
        address = "127.0.0.1:%d" % listener.getsockname()[1]
        client = subprocess.Popen([program], stdout=subprocess.PIPE, env=again(
            "ping", address=address, pause=interval, seconds=seconds))
        for thread in threads:
            thread.start()
        took = json.loads(client.communicate()[0])
        stop.set()
        for thread in threads:
            thread.join()
    sys.setswitchinterval(interval_before)
    return took


def convoy(cases, program, seconds):
    for case in cases:
        interval = case["interval"]
        report(case["name"], *pings(program, interval, case["computing"], max(seconds, 24 * interval)))


def model(cases, program):
    for _ in rounds():
        for case in cases:
            took = pings(program, case["interval"], case["computing"], case["seconds"])
            report(case["name"], sum(took) / len(took))


def c_call():
    import c_call as lesson

    for _ in rounds():
        report("loop", lesson.longest_silence(lesson.loop))
        report("power", lesson.longest_silence(lesson.power))


def plus_equals(times):
    import cpu_bound
    import plus_equals as lesson

    def sell_plain(tickets):
        for _ in range(times):
            tickets.sold += 1

    def sell_one(tickets):
        lesson.sell(tickets, times, lambda: 1)

    for _ in rounds():
        for name, sell in ("+= one()", sell_one), ("+= 1", sell_plain):
            tickets = lesson.Tickets()
            cpu_bound.in_threads(2, sell, tickets)
            report(name, 2 * times - tickets.sold)


COUNT = """
def count(below):
    found = 0
    for n in range(2, below):
        d = 2
        while d * d <= n and n %% d:
            d += 1
        found += d * d > n
    return found

count(%d)
"""


def without_gil(workers, below):
    import cpu_bound as lesson

    def count():
        exec(COUNT % below, {})

    ways = {
        "in turn": lambda: [count() for _ in range(workers)],
        "threads": lambda: lesson.in_threads(workers, count),
    }
    run = interpreters(workers, COUNT % below)
    if run:
        ways["interpreters"] = run
    in_turn(ways)


def interpreters(workers, source):
    """Returns what runs the source in as many interpreters at once, or None."""
    import cpu_bound as lesson

    try:
        try:
            from concurrent.interpreters import create  # since 3.14

            ready = [create() for _ in range(workers)]
            execute = [interpreter.exec for interpreter in ready]
        except ImportError:
            try:
                import _interpreters as private  # 3.13
            except ImportError:
                import _xxsubinterpreters as private  # 3.12

            if sys.version_info < (3, 12):  # they share one lock
                return None
            ready = [private.create() for _ in range(workers)]
            execute = [lambda source, i=i: private.run_string(i, source) for i in ready]
    except ImportError:
        return None

    def run_in_one():
        run = execute.pop()  # one that no other thread has
        run(source)
        execute.append(run)

    return lambda: lesson.in_threads(workers, run_in_one)


if __name__ == "__main__":
    main()
