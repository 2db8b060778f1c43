"""A hundred guests ask for the menu, and it's printed once."""
import functools
import threading

printing = threading.Lock()
printed = []


@functools.cache
def print_menu():
    printed.append("a menu")
    return "soup, cake, tea"


def menu():
    with printing:  # the first one prints, the others wait for it
        return print_menu()


def main():
    guests = [threading.Thread(target=menu) for _ in range(100)]
    for guest in guests:
        guest.start()
    for guest in guests:
        guest.join()
    print("100 ask, printed:", len(printed))
    print("the menu:", menu())


if __name__ == "__main__":
    main()
