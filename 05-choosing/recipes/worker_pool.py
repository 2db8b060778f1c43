"""Three workers take jobs from a queue until it's over; one job is broken."""
import queue
import threading

jobs = queue.Queue(maxsize=100)  # if it's full, put() waits
done, failed = [], []


def worker():
    while (job := jobs.get()) is not None:
        try:
            handle(job)
            done.append(job)
        except Exception as error:  # or the worker would end here
            failed.append(error)


def handle(job):
    if job == 4:
        raise ValueError(f"job {job} is broken")


def work_off(items):
    workers = [threading.Thread(target=worker) for _ in range(3)]
    for thread in workers:
        thread.start()
    try:
        for job in items:
            jobs.put(job)
    finally:  # after an error or Ctrl-C, too
        for _ in workers:
            jobs.put(None)  # for each of them: no more will come
        for thread in workers:
            thread.join()


def main():
    work_off(range(1, 7))
    print("failed:", *failed)
    print("done:", len(done), "of 6")


if __name__ == "__main__":
    main()
