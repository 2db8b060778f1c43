"""Two clerks sell a ticket each, and count it in one variable."""
import threading

sold = 0
both_ask = threading.Barrier(2)


def sell():
    global sold
    sold += tickets()  # reads sold, calls tickets, writes sold


def tickets():
    both_ask.wait()  # until the other clerk asks, too
    return 1


def main():
    clerks = [threading.Thread(target=sell) for _ in range(2)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    print(sold, "of 2 tickets counted")


if __name__ == "__main__":
    main()
