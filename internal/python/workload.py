"""The CPU-bound job that twins share, and the way to wait for many workers."""


def count_primes(low, high):
    """Counts the primes from low up to, but without, high, by trial division."""
    found = 0
    for n in range(max(low, 2), high):
        d = 2
        while d * d <= n and n % d:
            d += 1
        found += d * d > n
    return found


def start_and_join(workers):
    """Starts threads or processes, all of them, and waits until they have ended."""
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
