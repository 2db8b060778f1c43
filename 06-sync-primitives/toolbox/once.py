"""A hundred guests ask for the menu, and it's printed once."""
import functools
import threading

printing = threading.Lock()
asked, all_have_asked = [], threading.Event()
printed = []


@functools.cache
def print_menu():
    all_have_asked.wait()  # so it isn't there before the last one asks
    printed.append("a menu")
    return "soup, cake, tea"


def menu():
    with printing:  # the first one prints, the others wait for it
        return print_menu()


def guest():
    asked.append("a guest")
    if len(asked) == 100:
        all_have_asked.set()
    menu()


def main():
    guests = [threading.Thread(target=guest) for _ in range(100)]
    for thread in guests:
        thread.start()
    for thread in guests:
        thread.join()
    print("100 ask, printed:", len(printed))
    print("the menu:", menu())


if __name__ == "__main__":
    main()
