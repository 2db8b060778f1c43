"""Two clerks share a counter, a list and a dict. Which needs a lock?"""
import threading


class Counter:
    value = 0


def one():
    return 1


def count(c, times):
    for _ in range(times):
        c.value += one()  # reads, calls, adds, writes


def count_locked(c, lock, times):
    for _ in range(times):
        with lock:
            c.value += one()


def take_orders(orders, times):
    for number in range(times):
        orders.append(number)  # one step


def fill_seats(seats, times):
    for number in range(times):
        seats[number] = "taken"  # one step


def in_two_threads(job, *arguments):
    clerks = [threading.Thread(target=job, args=arguments) for _ in range(2)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()


def main():
    c, sold = Counter(), 0
    while c.value == sold:  # until some are lost
        in_two_threads(count, c, 100_000)
        sold += 200_000
    print("sales, counted without a lock: some are lost")

    c, orders, seats = Counter(), [], {}
    in_two_threads(count_locked, c, threading.Lock(), 1000)
    print("sales, counted under a lock:", c.value)
    in_two_threads(take_orders, orders, 1000)
    print("orders, appended:", len(orders))
    in_two_threads(fill_seats, seats, 1000)
    print("seats, written to a map:", len(seats))


if __name__ == "__main__":
    main()
