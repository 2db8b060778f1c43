"""Ten tasks, and the fifth kills its process. What do the others lose?"""
import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor

TASKS = range(10)


def work(task):
    if task == 4:
        os._exit(1)  # as after a bug in C code, or when memory is out
    return task


def in_one_process(answer):
    with ThreadPoolExecutor(10) as pool:
        answer.send(len(list(pool.map(work, TASKS))))


def alone(answer, task):
    work(task)
    answer.send(1)


def start(target, *args):
    answer, there = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.Process(target=target, args=(there, *args))
    process.start()
    there.close()  # the process has its end of the pipe now
    return process, answer


def done_by(process, answer):
    try:
        return answer.recv()
    except EOFError:  # it died before it could answer
        return 0
    finally:
        process.join()


def main():
    print("all in one process: ", done_by(*start(in_one_process)), "of 10 done")
    several = [start(alone, task) for task in TASKS]
    done = sum(done_by(process, answer) for process, answer in several)
    print("in worker processes:", done, "of 10 done")


if __name__ == "__main__":
    main()
