"""Workers that are started for a job, and workers that wait for it."""
from concurrent.futures import ProcessPoolExecutor


def count_primes(low, high):
    """Counts the primes from low up to, but without, high, by trial division."""
    found = 0
    for n in range(max(low, 2), high):
        d = 2
        while d * d <= n and n % d:
            d += 1
        found += d * d > n
    return found


def count_with(pool, workers, low, high):
    cuts = [low + (high - low) * i // workers for i in range(workers + 1)]
    return sum(pool.map(count_primes, cuts, cuts[1:]))


def count_with_new(workers, low, high):
    with ProcessPoolExecutor(workers) as pool:
        return count_with(pool, workers, low, high)


def main():
    primes = count_with_new(2, 0, 10_000)
    print("workers started for it found", primes, "primes")
    with ProcessPoolExecutor(2) as pool:
        primes = count_with(pool, 2, 0, 10_000)  # as often as you like
        print("workers that stay found", primes, "primes")


if __name__ == "__main__":
    main()
