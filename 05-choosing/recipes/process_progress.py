# Needs Python 3.9 or later.
"""Primes are counted in processes, and their progress is shown."""
import multiprocessing
import signal
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed


def primes_in(low, high):
    return sum(all(n % d for d in range(2, int(n**0.5) + 1))
               for n in range(max(low, 2), high))


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # or the processes would live on
    shares, size = 5, 2000
    primes = 0
    with ProcessPoolExecutor(  # a process for each CPU
            initializer=signal.signal, initargs=(signal.SIGTERM, signal.SIG_DFL)) as pool:
        try:
            futures = [pool.submit(primes_in, n * size, (n + 1) * size)
                       for n in range(shares)]
            for done, future in enumerate(as_completed(futures), start=1):
                primes += future.result()  # raises what was raised there
                print(f"{done} of {shares} done")
        except BaseException:  # Ctrl-C and SIGTERM too: the rest isn't worth anything
            for process in multiprocessing.active_children():
                process.terminate()
            raise
    print(primes, "primes")


if __name__ == "__main__":
    main()
