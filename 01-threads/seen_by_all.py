"""One thread cooks, another waits to be told, in three ways."""
import queue
import threading


def told_by_flag():
    """Asks a plain variable over and over, which burns a CPU."""
    dish, ready = "", False

    def cook():
        nonlocal dish, ready
        dish = "soup"
        ready = True

    thread = threading.Thread(target=cook)
    thread.start()
    while not ready:
        pass
    seen = dish
    thread.join()
    return seen


def told_by_event():
    dish, ready = "", threading.Event()

    def cook():
        nonlocal dish
        dish = "cake"
        ready.set()

    thread = threading.Thread(target=cook)
    thread.start()
    ready.wait()
    thread.join()
    return dish


def told_by_queue():
    dishes = queue.Queue()
    thread = threading.Thread(target=dishes.put, args=("tea",))
    thread.start()
    dish = dishes.get()
    thread.join()
    return dish


if __name__ == "__main__":
    print("by a flag:  ", told_by_flag())
    print("by an event:", told_by_event())
    print("by a queue: ", told_by_queue())
