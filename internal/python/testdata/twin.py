"""The twin of the tests."""
import multiprocessing
import os
import socket
import sys
import threading
import time

from measure import in_turn, main, report, rounds


def results(step=1):
    for n in rounds():
        report("steps", n * step)
        report("two steps, in words", 2 * n * step)


def turns():
    order = []
    in_turn({"1st, by a dict": lambda: order.append(1)}, second=lambda: order.append(2))
    # 1 2, 2 1, 1 2 as one number
    report("order", "".join(map(str, order)))


def workers(method):
    context = multiprocessing.get_context(method)

    def run():
        worker = context.Process(target=power)
        worker.start()
        worker.join()
        report("exit code", worker.exitcode)

    in_turn({method: run})


def power():
    return 7777 ** 20000


def threads():
    report("threads", threading.active_count())


def failing():
    print("on the way", file=sys.stderr)
    return 1 / 0


def not_finite():
    report("seconds", float("nan"))


def garbage():
    print("What is printed here for all to read is a line of words, and no result", flush=True)
    time.sleep(3600)


def leaving():
    report("seconds", 1)
    os._exit(0)


def hanging(address):
    """Never ends, nor does a child of it: both hold the connection."""
    host, port = address.split(":")
    connection = socket.create_connection((host, int(port)))
    if not hasattr(os, "fork") or os.fork() != 0:
        for _ in rounds():
            pass
    time.sleep(3600)
    connection.close()


if __name__ == "__main__":
    main(results, turns, workers, threads, failing, not_finite, garbage, leaving, hanging)
