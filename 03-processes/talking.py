"""A worker is sent a copy, of what can be pickled."""
from concurrent.futures import ProcessPoolExecutor
from pickle import PicklingError


def add_guest(order):
    order["guests"] += 1
    return order


def main():
    order = {"dish": "tea", "guests": 2}
    with ProcessPoolExecutor(1) as pool:
        answer = pool.submit(add_guest, order).result()
        print("there are", answer["guests"], "guests in what came back")
        print("there are", order["guests"], "guests in what was sent")
        try:
            pool.submit(add_guest, lambda: order).result()
        except (PicklingError, AttributeError):  # which one depends on the version
            print("a lambda can't be sent")


if __name__ == "__main__":
    main()
