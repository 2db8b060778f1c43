"""Three threads ask for the same page, and one download is enough."""
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor


class Answers:
    """Asks once for all threads that want the same, and keeps the latest answers."""

    def __init__(self, ask, room, seconds):
        self.ask, self.room, self.seconds = ask, room, seconds
        self.lock, self.running, self.kept = threading.Lock(), {}, {}

    def get(self, key):
        with self.lock:  # for a moment: nobody asks with the lock
            answer, until = self.kept.get(key, (None, 0))
            if time.monotonic() < until:
                return answer
            mine = key not in self.running
            future = self.running.setdefault(key, Future())
        if mine:
            try:
                future.set_result(self.ask(key))
            except BaseException as error:  # those that wait hear of it
                future.set_exception(error)
            self.keep(key, future)
        return future.result()

    def keep(self, key, future):
        with self.lock:
            del self.running[key]
            self.kept.pop(key, None)
            if future.exception():
                return  # don't keep a failure
            self.kept[key] = future.result(), time.monotonic() + self.seconds
            if len(self.kept) > self.room:
                del self.kept[next(iter(self.kept))]  # the oldest


def main():
    asked, three = [], threading.Barrier(3)

    def download(page):
        asked.append(page)
        return page.upper()

    def get_at_once(page):
        three.wait()
        return pages.get(page)

    pages = Answers(download, room=2, seconds=60)
    with ThreadPoolExecutor(3) as pool:
        print(*pool.map(get_at_once, "aaa"))
    for page in "b", "c", "a":  # the c needs the room of the a
        print(pages.get(page))
    print("downloaded:", *asked)


if __name__ == "__main__":
    main()
