"""One thread cooks, another waits to be told: by a flag, or through a queue."""
import queue
import threading


class Order:
    dish, ready = "", False  # plain variables


def told_by_plain_flag():
    """Waits for a plain flag, in a loop that burns a CPU; returns the dish."""
    order = Order()

    def cook():
        order.dish = "soup"
        order.ready = True

    thread = threading.Thread(target=cook)
    thread.start()
    while not order.ready:
        pass
    seen = order.dish
    thread.join()
    return seen


def main():
    order, ready = Order(), threading.Event()

    def cook():
        order.dish = "soup"
        ready.set()

    cook_thread = threading.Thread(target=cook)
    cook_thread.start()
    ready.wait()
    print("told by a flag: ", order.dish)
    cook_thread.join()

    dishes = queue.Queue()
    baker = threading.Thread(target=dishes.put, args=("cake",))
    baker.start()
    print("through a queue:", dishes.get())
    baker.join()


if __name__ == "__main__":
    main()
