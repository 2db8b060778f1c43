"""The second result is there before the first, and is shown after it."""
import threading
from concurrent.futures import ThreadPoolExecutor

second_is_done = threading.Event()


def square(n):
    if n == 1:
        second_is_done.wait()
    if n == 2:
        second_is_done.set()
    return n * n


def main():
    with ThreadPoolExecutor(2) as pool:
        for result in pool.map(square, [1, 2, 3, 4]):
            print(result)


if __name__ == "__main__":
    main()
