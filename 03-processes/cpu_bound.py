"""The same work in threads and in processes: one word makes the difference."""
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def count_primes(low, high):
    """Counts the primes from low up to, but without, high, by trial division."""
    found = 0
    for n in range(max(low, 2), high):
        d = 2
        while d * d <= n and n % d:
            d += 1
        found += d * d > n
    return found


def count_in(executor, workers, below):
    pieces = 8 * workers  # several each, since some take longer
    cuts = [below * i // pieces for i in range(pieces + 1)]
    with executor(workers) as pool:
        return sum(pool.map(count_primes, cuts, cuts[1:]))


def main():
    for place, executor in ("this process:", ThreadPoolExecutor), ("two others:  ", ProcessPoolExecutor):
        start = time.perf_counter()
        primes = count_in(executor, 2, 200_000)
        seconds = time.perf_counter() - start
        print("in", place, primes, "primes below 200,000")
        print(f"    took {seconds:.2f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
