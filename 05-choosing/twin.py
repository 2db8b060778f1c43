"""Chapter 05 in Python: the chapter runs it beside Go. By hand it needs the URL
of a site that answers each request with the text ok.
"""
import multiprocessing
import threading
import urllib.request

from measure import in_turn, main
from workload import count_primes, start_and_join


def compute(_):
    count_primes(0, 6_000)


def wait(url):
    with urllib.request.urlopen(url) as response:
        assert response.read() == b"ok"


def matrix(url, tasks=10, cpus=2):
    fork = multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")

    def compare(name, job, workers):
        with fork.Pool(workers) as pool:
            in_turn({
                name + " sequential": lambda: [job(url) for _ in range(tasks)],
                name + " threads": lambda: start_and_join(
                    [threading.Thread(target=job, args=(url,)) for _ in range(tasks)]),
                name + " processes": lambda: pool.map(job, [url] * tasks, 1),
            })

    compare("computing", compute, cpus)
    compare("waiting", wait, tasks)


if __name__ == "__main__":
    main(matrix)
