"""One long call into C keeps every other thread waiting."""
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor


def loop():
    for _ in range(2_000_000):
        pass


def power():
    return (7777 ** 200_000).bit_length()


def longest_silence(job):
    """Runs a job in a thread, and measures how long this one doesn't run."""
    begin = threading.Event()
    thread = threading.Thread(target=lambda: (begin.wait(), job()))
    thread.start()
    longest, last = 0.0, time.perf_counter()
    begin.set()
    while thread.is_alive():
        time.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    thread.join()
    return longest


def main():
    for job in (loop, power):
        silence = longest_silence(job)
        print(f"    {1000 * silence:.0f} ms of silence beside {job.__name__}", file=sys.stderr)

    # The cure: in a process of its own, the call keeps only its own lock.
    turns = 0
    with ProcessPoolExecutor(1) as pool:
        bits = pool.submit(power)
        while not bits.done():
            turns += 1
    print("7777 ** 200000 has", bits.result(), "bits")
    print("main ran meanwhile:", "yes" if turns else "no")


if __name__ == "__main__":
    main()
