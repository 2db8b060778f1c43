"""Ten tasks, and the fifth kills its process. Whose results are left?"""
import os
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe, Process

TASKS = range(10)


def work(task):
    if task == 4:
        os._exit(1)  # as after a bug in C code, or when memory is out
    return task * task


def in_threads(tasks):
    with ThreadPoolExecutor(10) as pool:
        return list(pool.map(work, tasks))


def work_and_tell(how, tasks, connection):
    connection.send(how(tasks))


def start(how, tasks):
    ours, theirs = Pipe(duplex=False)
    process = Process(target=work_and_tell, args=(how, tasks, theirs))
    process.start()
    theirs.close()  # so that we notice if the process dies
    return process, ours


def results(process, ours):
    try:
        return ours.recv()
    except EOFError:  # it died before it told us
        return []
    finally:
        process.join()
        ours.close()


def main():
    together = start(in_threads, TASKS)
    print("all in one process:", len(results(*together)), "of 10 results")
    apart = [start(in_threads, [task]) for task in TASKS]
    count = sum(len(results(*each)) for each in apart)
    print("in a process each: ", count, "of 10 results")


if __name__ == "__main__":
    main()
