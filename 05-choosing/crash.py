"""Ten tasks, and the fifth kills its process. Whose results are left?"""
import os
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe, Process

TASKS = range(10)


def work(task):
    if task == 4:
        os._exit(1)  # as after a bug in C code, or when memory is out
    return task * task


def all_in_threads(connection):
    with ThreadPoolExecutor(10) as pool:
        connection.send(list(pool.map(work, TASKS)))


def alone(connection, task):
    connection.send(work(task))


def start(target, *args):
    ours, theirs = Pipe(duplex=False)
    Process(target=target, args=(theirs, *args)).start()
    theirs.close()  # so that we notice if the process dies
    return ours


def result(connection):
    try:
        return connection.recv()
    except EOFError:  # it died before it told us
        return None


def main():
    together = result(start(all_in_threads)) or []
    print("all in one process:", len(together), "of 10 results")
    each = [start(alone, task) for task in TASKS]
    apart = [r for r in map(result, each) if r is not None]
    print("in a process each: ", len(apart), "of 10 results")


if __name__ == "__main__":
    main()
