"""Another thread interrupts a +=."""
import threading


class Tickets:
    sold = 0


def sell(tickets, times, one):
    for _ in range(times):
        tickets.sold += one()


def sell_in_two_threads(tickets, times, one):
    """Returns how many of the sales were lost."""
    sellers = [threading.Thread(target=sell, args=(tickets, times, one)) for _ in range(2)]
    for seller in sellers:
        seller.start()
    for seller in sellers:
        seller.join()
    return 2 * times - tickets.sold


def main():
    both_have_read = threading.Barrier(2)

    def one():  # comes after += has read, and before it writes
        both_have_read.wait()
        return 1

    tickets = Tickets()
    sell_in_two_threads(tickets, 1, one)
    print("two tickets sold, the counter says", tickets.sold)


if __name__ == "__main__":
    main()
