"""Threads run independently of each other, and finish in any order."""
import sys
import threading


def breakfast():
    """The tea waits for its water; the toast doesn't wait for the tea."""
    tea_waits, water_boils = threading.Event(), threading.Event()

    def make_tea():
        print("tea: waiting for the water")
        tea_waits.set()
        water_boils.wait()
        print("tea: ready")

    tea = threading.Thread(target=make_tea)
    tea.start()
    tea_waits.wait()
    toast = threading.Thread(target=print, args=("toast: ready",))
    toast.start()
    toast.join()
    water_boils.set()
    tea.join()


def finishing_order(dishes):
    """Lets a thread for each dish start at the same signal."""
    start, finished = threading.Event(), []

    def prepare(dish):
        start.wait()
        finished.append(dish)

    threads = [threading.Thread(target=prepare, args=(dish,)) for dish in dishes]
    for thread in threads:
        thread.start()
    start.set()
    for thread in threads:
        thread.join()
    return finished


if __name__ == "__main__":
    breakfast()
    dishes = finishing_order(["cake", "rice", "soup", "tea"])
    print("finished, once sorted:", *sorted(dishes))
    print("    this time:", *dishes, file=sys.stderr)
