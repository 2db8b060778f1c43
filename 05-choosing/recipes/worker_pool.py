"""Three workers take jobs until there are no more; one job is broken."""
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

END = object()


def process_all(items, handle, done, failed, at_once=3):
    """Adds each job to done, or to failed, with its error: also before Ctrl-C."""
    items, turn, stop = iter(items), threading.Lock(), threading.Event()

    def worker():
        while True:
            with turn:  # a generator serves one thread at a time
                job = END if stop.is_set() else next(items, END)
            if job is END:
                return
            try:
                handle(job)
                done.append(job)
            except BaseException as error:  # sys.exit() too, or this worker would end
                failed.append((job, error))

    with ThreadPoolExecutor(at_once) as pool:  # waits for the workers
        try:
            for result in [pool.submit(worker) for _ in range(at_once)]:
                result.result()  # raises what the items raised
        finally:  # Ctrl-C too: they finish the jobs at hand, and begin no other
            stop.set()


def handle(job):
    if job == 4:
        raise ValueError("it's broken")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # or it would end at once
    done, failed = [], []
    try:
        process_all(range(1, 7), handle, done, failed)
    finally:  # after Ctrl-C, too
        for job, error in failed:
            print(f"job {job}: {error}")
        print("done:", len(done), "of 6")


if __name__ == "__main__":
    main()
