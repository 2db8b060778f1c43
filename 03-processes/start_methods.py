"""A fresh worker imports this file again. What main has done, it hasn't seen."""
import multiprocessing

menu = "soup"


def read_menu():
    return menu


def set_menu(dish):
    global menu
    menu = dish


def main():
    set_menu("cake")
    print("here:", menu)

    # With forkserver, Linux's default since 3.14, it's the same.
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(1) as pool:
        print("in a fresh worker:", pool.apply(read_menu))

    # Each worker of this pool begins with set_menu("cake").
    with spawn.Pool(1, initializer=set_menu, initargs=(menu,)) as pool:
        print("in one that was told:", pool.apply(read_menu))


if __name__ == "__main__":
    main()
