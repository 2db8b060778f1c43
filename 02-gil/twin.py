"""Chapter 02 in Python: the chapter runs it beside Go, and so can you:

    PYTHONPATH=internal/python python3 02-gil/twin.py cpu-bound
"""
import threading
import urllib.request

from measure import in_turn, main
from workload import count_primes, start_and_join


def cpu_bound(workers=2, high=20_000):
    def sequential():
        for _ in range(workers):
            count_primes(0, high)

    def threads():
        start_and_join([threading.Thread(target=count_primes, args=(0, high)) for _ in range(workers)])

    in_turn(sequential=sequential, threads=threads)


def io_bound(url, requests=10):
    def fetch():
        with urllib.request.urlopen(url) as response:
            assert response.read() == b"ok"

    def sequential():
        for _ in range(requests):
            fetch()

    def threads():
        start_and_join([threading.Thread(target=fetch) for _ in range(requests)])

    in_turn(sequential=sequential, threads=threads)


if __name__ == "__main__":
    main(cpu_bound, io_bound)
