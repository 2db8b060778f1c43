"""Ten tasks, and the fifth kills its process. What do the others lose?"""
import os
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Process

TASKS = range(10)


def work(task):
    if task == 4:
        os._exit(1)  # as after a bug in C code, or when memory is out


def work_in_threads():
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(work, TASKS))


def in_one_process(work_on_all):
    process = Process(target=work_on_all)
    process.start()
    process.join()
    return len(TASKS) if process.exitcode == 0 else 0


def in_a_process_each():
    processes = [Process(target=work, args=(task,)) for task in TASKS]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return sum(process.exitcode == 0 for process in processes)


def main():
    print("all in one process: ", in_one_process(work_in_threads), "of 10 done")
    print("in worker processes:", in_a_process_each(), "of 10 done")


if __name__ == "__main__":
    main()
