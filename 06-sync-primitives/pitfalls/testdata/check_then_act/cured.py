"""Two clerks sell the last ticket. Each looks and sells in one step."""
import threading

tickets, sold = 1, 0
lock = threading.Lock()  # guards both
both_here = threading.Barrier(2)


def sell():
    global tickets, sold
    both_here.wait()  # until the other clerk is here, too
    with lock:
        if tickets > 0:
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
