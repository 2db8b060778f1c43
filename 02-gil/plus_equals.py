"""Another thread runs in the middle of a +=."""
import threading


class Tickets:
    sold = 0


def sell(tickets, times, one):
    for _ in range(times):
        tickets.sold += one()


def main():
    tickets = Tickets()

    def one():  # is called after += has read, and before it writes
        other = threading.Thread(target=sell, args=(tickets, 100, lambda: 1))
        other.start()
        other.join()
        return 1

    sell(tickets, 1, one)
    print("101 tickets sold, the counter says", tickets.sold)


if __name__ == "__main__":
    main()
