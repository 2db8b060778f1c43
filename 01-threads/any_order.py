"""Threads run independently of each other: one that waits stops nobody."""
import threading


def breakfast():
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
    toast.join()  # the toast is ready, and the tea still waits
    water_boils.set()
    tea.join()


def finishing_order(dishes):
    """Starts a thread for each dish, all at once; returns who finished when."""
    finished = []
    all_here = threading.Barrier(len(dishes))

    def prepare(dish):
        all_here.wait()
        finished.append(dish)

    threads = [threading.Thread(target=prepare, args=(dish,)) for dish in dishes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return finished


if __name__ == "__main__":
    breakfast()
