"""A worker process changes a global variable: its own."""
import multiprocessing
import os

tickets = 100  # a global variable: each process has one of its own


def sell(sold, left):
    global tickets
    tickets -= sold
    left.put(tickets)


def sell_in_worker(sold):
    left = multiprocessing.Queue()
    worker = multiprocessing.Process(target=sell, args=(sold, left))
    worker.start()
    answer = left.get()
    worker.join()
    return answer


def crash():
    os._exit(3)  # without a word, as a bug in C code may


def crash_in_worker():
    worker = multiprocessing.Process(target=crash)
    worker.start()
    worker.join()
    return worker.exitcode


def main():
    print("the worker has", sell_in_worker(30), "tickets left")
    print("this process has", tickets)
    if crash_in_worker() != 0:
        print("the worker crashed; this process goes on")


if __name__ == "__main__":
    main()
