"""The same work in interpreters that have a lock each, if this Python has them."""
from concurrent.futures import ProcessPoolExecutor

try:
    from concurrent.futures import InterpreterPoolExecutor as Executor  # 3.14
except ImportError:
    Executor = ProcessPoolExecutor


def count_primes(low, high):
    """Counts the primes from low up to, but without, high, by trial division."""
    found = 0
    for n in range(max(low, 2), high):
        d = 2
        while d * d <= n and n % d:
            d += 1
        found += d * d > n
    return found


def main():
    ends = [0, 2_500, 5_000, 7_500, 10_000]
    with Executor(2) as pool:
        found = sum(pool.map(count_primes, ends, ends[1:]))
    print(found, "primes below 10,000")


if __name__ == "__main__":
    main()
