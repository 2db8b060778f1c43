"""Riders wait for each other after each lap."""
import threading


def one_gate():
    """Three have arrived, so the last one lets three go through."""
    gate = threading.Semaphore(0)
    gate.release(3)
    went_through = []
    for rider in "Ada", "Grace", "Ada":  # she's fast, and back already
        gate.acquire()
        went_through.append(rider)
    went_through.append("Tony" if gate.acquire(blocking=False) else "not Tony")
    return went_through


class Generations:
    """A barrier that gives each lap an event of its own."""

    def __init__(self, parties):
        self.parties, self.arrived = parties, 0
        self.lock, self.all_here = threading.Lock(), threading.Event()

    def wait(self):
        with self.lock:
            all_here = self.all_here
            self.arrived += 1
            if self.arrived == self.parties:
                self.arrived, self.all_here = 0, threading.Event()
                all_here.set()
        all_here.wait()


def ride(barrier):
    laps = []  # in the order in which they were ridden

    def rider():
        for lap in 1, 2, 3:
            laps.append(lap)
            barrier.wait()

    threads = [threading.Thread(target=rider) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return laps


if __name__ == "__main__":
    print("one gate:   ", *one_gate())
    print("generations:", *ride(Generations(3)))
    print("Barrier:    ", *ride(threading.Barrier(3)))
