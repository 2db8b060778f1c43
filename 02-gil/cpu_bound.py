"""The same loop in one thread, in two, in four."""
import sys
import threading
import time

TURNS = 3_000_000


def count_down(turns):
    while turns > 0:
        turns -= 1


def in_threads(n, job, *args):
    """Runs a job in n threads at once, and waits for all of them."""
    threads = [threading.Thread(target=job, args=args) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    for n in (1, 2, 4):
        start = time.perf_counter()
        in_threads(n, count_down, TURNS // n)
        seconds = time.perf_counter() - start
        print(f"{TURNS // n} turns in each of {n}")
        print(f"    took {seconds:.3f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
