"""The doors open, and everybody goes in; at closing time everybody stops."""
import threading


def start_guests(doors_open, guests, inside):
    """Starts threads that wait for the doors, and then go in."""
    def go_in():
        doors_open.wait()
        inside.append("a guest")

    threads = [threading.Thread(target=go_in) for _ in range(guests)]
    for thread in threads:
        thread.start()
    return threads


def clean(closing):
    while not closing.wait(timeout=60):  # a minute, or until it is set
        print("the tables are clean")


def main():
    doors_open, inside = threading.Event(), []
    guests = start_guests(doors_open, 3, inside)
    doors_open.set()
    for guest in guests:
        guest.join()
    print("guests inside:", len(inside))
    doors_open.wait()
    print("a late guest doesn't wait")

    closing = threading.Event()
    cleaner = threading.Thread(target=clean, args=(closing,))
    cleaner.start()
    closing.set()
    cleaner.join()
    print("the cleaner has stopped, and not after a minute")


if __name__ == "__main__":
    main()
