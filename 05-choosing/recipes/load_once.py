"""Four threads want the same rate. The first try to load it fails."""
import threading
from concurrent.futures import ThreadPoolExecutor


class Once:
    """Calls load once for all threads. If it fails, the next one tries again."""

    def __init__(self, load):
        self.load, self.lock, self.loaded = load, threading.Lock(), False

    def get(self):
        with self.lock:  # the others wait for the one that loads
            if not self.loaded:
                self.value = self.load()
                self.loaded = True
            return self.value


loads = 0


def load_rate():
    global loads
    loads += 1
    if loads == 1:
        raise ConnectionError("no network")
    return 1.08  # dollars for a euro


def main():
    rate = Once(load_rate)
    try:
        rate.get()
    except ConnectionError as error:
        print("first:", error)
    with ThreadPoolExecutor(4) as pool:
        got = [pool.submit(rate.get) for _ in range(4)]
    print("then:", *(future.result() for future in got))
    print("loaded", loads, "times")


if __name__ == "__main__":
    main()
