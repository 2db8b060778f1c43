"""Twelve clients, and never more than three of them inside."""
import threading


def most_inside(slots, clients, visit):
    """Lets the clients in, and returns how many were inside at most."""
    inside = most = 0
    counting = threading.Lock()

    def enter(by):
        nonlocal inside, most
        with counting:
            inside += by
            most = max(most, inside)

    def client():
        with slots:  # waits while three are inside
            enter(+1)
            visit()
            enter(-1)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return most


def main():
    slots = threading.BoundedSemaphore(3)
    three_are_inside = threading.Barrier(3)  # nobody leaves before that
    print("inside at once:", most_inside(slots, 12, three_are_inside.wait))
    try:
        slots.release()
    except ValueError:
        print("released once too often: refused")


if __name__ == "__main__":
    main()
