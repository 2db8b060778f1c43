"""A worker process changes a global variable: its own."""
import multiprocessing
import os

tickets = 100  # a global variable: each process has one of its own


def sell(sold, left):
    global tickets
    tickets -= sold
    left.put(tickets)


def crash():
    os._exit(3)  # without a word, as a bug in C code may


def main():
    left = multiprocessing.Queue()
    seller = multiprocessing.Process(target=sell, args=(30, left))
    seller.start()
    print("the worker has", left.get(), "tickets left")
    seller.join()
    print("this process has", tickets)

    broken = multiprocessing.Process(target=crash)
    broken.start()
    broken.join()
    if broken.exitcode == 3:
        print("the worker crashed; this process goes on")


if __name__ == "__main__":
    main()
