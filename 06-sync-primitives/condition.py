"""A counter with room for two dishes, and a wake-up for nothing."""
import threading


class Counter:
    def __init__(self):
        self.dishes = []
        lock = threading.Lock()
        self.filled = threading.Condition(lock)  # notified when a dish comes
        self.freed = threading.Condition(lock)  # notified when a dish goes

    def put(self, dish):
        with self.freed:
            while len(self.dishes) == 2:
                self.freed.wait()
            self.dishes.append(dish)
            self.filled.notify()

    def take(self):
        with self.filled:
            while not self.dishes:
                self.filled.wait()
            self.freed.notify()
            return self.dishes.pop(0)


def wake_for_nothing(counter):
    """Returns how many dishes a guest finds that asks with if, not while."""
    found, here = [], threading.Event()

    def ask_once():
        with counter.filled:
            here.set()
            if not counter.dishes:
                counter.filled.wait()
            found.append(len(counter.dishes))

    guest = threading.Thread(target=ask_once)
    guest.start()
    here.wait()
    with counter.filled:  # we have the lock, so the guest is in wait
        counter.dishes.append("soup")
        counter.filled.notify()
        counter.dishes.pop()  # before the guest has the lock again
    guest.join()
    return found[0]


if __name__ == "__main__":
    counter, menu = Counter(), ["soup", "cake", "tea", "pie"]
    cook = threading.Thread(target=lambda: [counter.put(dish) for dish in menu])
    cook.start()
    print("served:", *[counter.take() for _ in menu])
    cook.join()
    print("woken, and there are", wake_for_nothing(counter), "dishes")
    with counter.filled:
        if not counter.filled.wait_for(lambda: counter.dishes, timeout=0.01):
            print("no dish in time")
