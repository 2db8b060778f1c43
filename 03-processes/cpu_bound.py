"""The same work in threads and in processes: one word makes the difference."""
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
    primes = count_in(ThreadPoolExecutor, 2, 10_000)
    print("in this process:", primes, "primes below 10,000")
    primes = count_in(ProcessPoolExecutor, 2, 10_000)
    print("in two others:  ", primes, "primes below 10,000")


if __name__ == "__main__":
    main()
