"""Two climb a hill from both sides, and eat when both are on top."""
import threading
from concurrent.futures import ThreadPoolExecutor


def wait_first(i_am_here, she_is_here):
    if not she_is_here.acquire(timeout=0.1):
        return False  # without a timeout, that's forever
    i_am_here.release()
    return True


def signal_first(i_am_here, she_is_here):
    i_am_here.release()
    she_is_here.acquire()
    return True


def climb(meet):
    """Returns how many of the two have met the other."""
    ada, grace = threading.Semaphore(0), threading.Semaphore(0)
    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(meet, (ada, grace), (grace, ada)))


def main():
    print("wait, then signal:", climb(wait_first), "of 2 eat")
    print("signal, then wait:", climb(signal_first), "of 2 eat")


if __name__ == "__main__":
    main()
