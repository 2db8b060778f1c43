"""Cooks put dishes on a counter with room for two, and guests take them."""
import threading


class Counter:
    def __init__(self, room):
        self.dishes, self.most, self.lock = [], 0, threading.Lock()
        self.free = threading.Semaphore(room)
        self.filled = threading.Semaphore(0)

    def put(self, dish):
        self.free.acquire()  # a place first, and then the lock
        with self.lock:
            self.dishes.append(dish)
            self.most = max(self.most, len(self.dishes))
        self.filled.release()

    def take(self):
        self.filled.acquire()
        with self.lock:
            dish = self.dishes.pop(0)
        self.free.release()
        return dish


def main():
    counter, eaten = Counter(room=2), []

    def cook(kind):
        for number in range(3):
            counter.put((kind, number))

    def eat():
        for _ in range(3):
            eaten.append(counter.take())

    threads = [threading.Thread(target=cook, args=(kind,)) for kind in ("soup", "cake", "tea")]
    threads += [threading.Thread(target=eat) for _ in range(3)]  # the guests come later
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(len(eaten), "dishes eaten,", len(set(eaten)), "of them different")
    print("more than two at a time:", "yes" if counter.most > 2 else "no")


if __name__ == "__main__":
    main()
