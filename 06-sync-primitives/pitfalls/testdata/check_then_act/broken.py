"""Two clerks sell the last ticket. Each looks first, and then sells."""
import threading

tickets, sold = 1, 0
lock = threading.Lock()  # guards both
both_looked = threading.Barrier(2)


def sell():
    global tickets, sold
    with lock:
        left = tickets > 0
    both_looked.wait()  # until the other clerk has looked, too
    with lock:
        if left:
            tickets, sold = tickets - 1, sold + 1


def main():
    clerks = [threading.Thread(target=sell) for _ in range(2)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    print(sold, "sold of 1 ticket")


if __name__ == "__main__":
    main()
