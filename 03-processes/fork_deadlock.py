"""A child that is forked while a thread holds a lock never gets that lock."""
import multiprocessing
import threading

lock = threading.Lock()


def cook():
    with lock:
        pass


def child_ends(method, limit):
    """Starts a child while a thread has the lock; says if it ends in time."""
    taken, child_is_there = threading.Event(), threading.Event()

    def keep():
        with lock:
            taken.set()
            child_is_there.wait()

    keeper = threading.Thread(target=keep)
    keeper.start()
    taken.wait()
    child = multiprocessing.get_context(method).Process(target=cook)
    child.start()
    child_is_there.set()
    keeper.join()  # from here on, nobody in this process has the lock
    child.join(limit)
    ended = child.exitcode is not None
    child.kill()
    child.join()
    return ended


if __name__ == "__main__":
    for method in multiprocessing.get_all_start_methods():
        print(method, "ends" if child_ends(method, 2) else "waits forever")
