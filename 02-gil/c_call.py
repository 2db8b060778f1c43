"""One long call into C keeps every other thread waiting."""
import threading
import time
from concurrent.futures import ProcessPoolExecutor


def loop():
    for _ in range(2_000_000):
        pass


def power():
    return (7777 ** 200_000).bit_length()


def longest_silence(job):
    """Runs a job in a thread, and tries to get a word in every millisecond."""
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
    # The cure: the call has a lock of its own, in a process of its own.
    words = 0
    with ProcessPoolExecutor(1) as pool:
        bits = pool.submit(power)
        while not bits.done():
            words += 1
    print("7777 ** 200000 has", bits.result(), "bits")
    print("got a word in meanwhile:", "yes" if words else "no")


if __name__ == "__main__":
    main()
