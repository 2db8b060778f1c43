"""A += that another thread gets into the middle of."""
import threading


class Tickets:
    sold = 0


def one():
    return 1


def sell(tickets, times):
    for _ in range(times):
        tickets.sold += one()


def sell_in_two_threads(tickets, times):
    """Returns how many of the sales were lost."""
    sellers = [threading.Thread(target=sell, args=(tickets, times)) for _ in range(2)]
    for seller in sellers:
        seller.start()
    for seller in sellers:
        seller.join()
    return 2 * times - tickets.sold


def main():
    global one
    both_have_read = threading.Barrier(2)

    def one():  # comes after += has read, and before it writes
        both_have_read.wait()
        return 1

    tickets = Tickets()
    sell_in_two_threads(tickets, 1)
    print("two tickets sold, the counter says", tickets.sold)


if __name__ == "__main__":
    main()
