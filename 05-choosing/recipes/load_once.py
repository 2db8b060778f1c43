"""Four threads want the same rate. The first try to load it fails."""
import threading
from concurrent.futures import Future, ThreadPoolExecutor


class Once:
    """Calls load a single time for all threads. After a failure, it tries again."""

    def __init__(self, load):
        self.load, self.lock, self.answer = load, threading.Lock(), None

    def get(self):
        with self.lock:  # for a moment: nobody loads with the lock
            mine = self.answer is None
            if mine:
                self.answer = Future()
            answer = self.answer
        if mine:
            try:
                answer.set_result(self.load())
            except BaseException as error:
                self.answer = None  # the next one tries again
                answer.set_exception(error)  # and those that waited hear of it
        return answer.result()


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
