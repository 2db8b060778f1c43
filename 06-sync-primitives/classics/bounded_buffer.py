"""Cooks put dishes on a counter with room for two, and guests take them."""
import threading


class Counter:
    def __init__(self, room):
        self.room, self.dishes, self.most = room, [], 0
        lock = threading.Lock()
        self.not_full = threading.Condition(lock)
        self.not_empty = threading.Condition(lock)

    def put(self, dish):
        with self.not_full:
            while len(self.dishes) == self.room:
                self.not_full.wait()
            self.dishes.append(dish)
            self.most = max(self.most, len(self.dishes))
            self.not_empty.notify()

    def take(self):
        with self.not_empty:
            while not self.dishes:
                self.not_empty.wait()
            dish = self.dishes.pop(0)
            self.not_full.notify()
            return dish


def main():
    counter, eaten = Counter(room=2), []

    def cook(kind):
        for number in range(3):
            counter.put((kind, number))

    def eat():
        for _ in range(3):
            eaten.append(counter.take())

    threads = [threading.Thread(target=eat) for _ in range(3)]
    threads += [threading.Thread(target=cook, args=(kind,)) for kind in ("soup", "cake", "tea")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(len(eaten), "dishes eaten,", len(set(eaten)), "of them different")
    print("more than two at a time:", "yes" if counter.most > 2 else "no")


if __name__ == "__main__":
    main()
