# Needs Python 3.11 or later.
"""A call that blocks, and has no timeout of its own, is given some time."""
import threading
import time
from concurrent.futures import Future

answer_comes, call_ended = threading.Event(), threading.Event()
slots = threading.Semaphore(20)  # so many calls may hang, and no more


def call_within(seconds, function, *args):
    """Raises TimeoutError if it takes longer. The call itself goes on."""
    end = time.monotonic() + seconds
    if not slots.acquire(timeout=seconds):
        raise TimeoutError("too many calls hang")
    future = Future()

    def call():
        try:
            future.set_result(function(*args))
        except BaseException as error:
            future.set_exception(error)
        finally:
            slots.release()

    try:  # a daemon, or the program couldn't end before the call
        threading.Thread(target=call, daemon=True).start()
    except BaseException:  # the system has no thread for us
        slots.release()
        raise
    return future.result(timeout=end - time.monotonic())


def look_up(name):
    if name == "slow.example":
        answer_comes.wait()
        call_ended.set()
    return "192.0.2.7"


def main():
    print("fast.example:", call_within(60, look_up, "fast.example"))
    try:
        call_within(0.05, look_up, "slow.example")
    except TimeoutError:
        print("slow.example: no answer in time")
    print("its call has ended:", str(call_ended.is_set()).lower())
    answer_comes.set()


if __name__ == "__main__":
    main()
