"""Chapter 02 in Python: the chapter runs it beside Go, and so can you:

    PYTHONPATH=internal/python python3 02-gil/twin.py cpu-bound
"""
import sys
import threading
import time

from measure import again, in_turn, main, report, rounds
from workload import count_primes, start_and_join


def spin(turns):
    while turns:
        turns -= 1


def run_in_threads(workers, job, *args):
    start_and_join([threading.Thread(target=job, args=args) for _ in range(workers)])


def one_at_a_time(workers):
    import hashlib

    data = bytes(8 << 20)

    def compute():
        run_in_threads(workers, spin, 300_000)

    def digest():  # a long C function that releases the lock
        run_in_threads(workers, lambda: hashlib.sha256(data).digest())

    in_turn(compute=compute, digest=digest)


def cpu_bound(turns):
    in_turn({
        "%d threads" % n: lambda n=n: run_in_threads(n, spin, turns // n)
        for n in (1, 2, 4)
    })


def half_the_time(workers, seconds):
    def work(until, done):
        turns = 0
        while time.perf_counter() < until:
            spin(1000)
            turns += 1
        done.append(turns)

    for _ in rounds():
        for n in (1, workers):
            done = []
            run_in_threads(n, work, time.perf_counter() + seconds, done)
            report("each of %d" % n, sum(done) / n)
            report("all of %d" % n, sum(done))


def io_bound(url, requests):
    import urllib.request

    def fetch():
        with urllib.request.urlopen(url) as response:
            assert response.read() == b"ok"

    def sequential():
        for _ in range(requests):
            fetch()

    in_turn(sequential=sequential, threads=lambda: run_in_threads(requests, fetch))


def convoy(cases, program, seconds):
    """Answers the pings of the program, while other threads compute."""
    import json
    import socket
    import subprocess

    def answer(listener):
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection:
            while message := connection.recv(64):
                connection.sendall(message)

    def compute(stop):
        while not stop.is_set():
            spin(1000)

    interval_before = sys.getswitchinterval()
    for case in cases:
        sys.setswitchinterval(case["interval"])
        with socket.create_server(("127.0.0.1", 0)) as listener:
            stop = threading.Event()
            threads = [threading.Thread(target=answer, args=(listener,))]
            threads += [threading.Thread(target=compute, args=(stop,)) for _ in range(case["computing"])]
            address = "127.0.0.1:%d" % listener.getsockname()[1]
            client = subprocess.Popen([program], stdout=subprocess.PIPE, env=again(
                "ping", address=address, pause=case["interval"], seconds=max(seconds, 24 * case["interval"])))
            for thread in threads:
                thread.start()
            took = json.loads(client.communicate()[0])
            stop.set()
            for thread in threads:
                thread.join()
        report(case["name"], *took)
    sys.setswitchinterval(interval_before)


def c_call(power):
    def silence(job):
        """The longest time that a thread did not get to run, which wants to every ms."""
        begin, done, longest = threading.Event(), threading.Event(), 0.0
        thread = threading.Thread(target=lambda: (begin.wait(), job(), done.set()))
        thread.start()
        last = time.perf_counter()
        begin.set()
        while not done.is_set():
            time.sleep(0.001)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now
        thread.join()
        return longest

    for _ in rounds():
        report("power", silence(lambda: 7777 ** power))
        report("loop", silence(lambda: spin(1_000_000)))


class Counter:
    value = 0


def one():
    return 1


def plus_equals(times):
    def plus(counter):
        for _ in range(times):
            counter.value += 1

    def plus_call(counter):
        for _ in range(times):
            counter.value = counter.value + one()

    interval_before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    for _ in rounds():
        for name, job in ("+= 1", plus), ("+ one()", plus_call):
            counter = Counter()
            run_in_threads(2, job, counter)
            report(name, 2 * times - counter.value)
    sys.setswitchinterval(interval_before)


def without_gil(workers):
    def sequential():
        for _ in range(workers):
            count_primes(0, 20_000)

    in_turn(sequential=sequential, threads=lambda: run_in_threads(workers, count_primes, 0, 20_000))


if __name__ == "__main__":
    main()
