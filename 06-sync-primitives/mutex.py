"""A cook changes the menu while a guest reads it, in three ways."""
import threading

PRICES = {"soup": 4, "cake": 6}


class Menu:  # changes one part after the other
    dish, price = "soup", 4

    def change(self, dish, price_of=PRICES.get):
        self.dish = dish
        self.price = price_of(dish)

    def read(self):
        return self.dish, self.price


class LockedMenu(Menu):  # does so under a lock, and reads under it, too
    def __init__(self):
        self.lock = threading.Lock()

    def change(self, dish, price_of=PRICES.get):
        with self.lock:
            super().change(dish, price_of)

    def read(self):
        with self.lock:
            return super().read()


class ReplacedMenu:  # puts a new pair in the place of the old one
    offer = ("soup", 4)

    def change(self, dish, price_of=PRICES.get):
        self.offer = (dish, price_of(dish))

    def read(self):
        return self.offer


def read_meanwhile(menu, must_wait=False):
    """Returns what a guest reads while the cook looks up the price."""
    seen = []
    guest = threading.Thread(target=lambda: seen.extend(menu.read()))

    def look_up(dish):
        guest.start()
        if not must_wait:
            guest.join()
        return PRICES[dish]

    menu.change("cake", look_up)
    guest.join()
    return "{} at {}".format(*seen)


if __name__ == "__main__":
    print("one part after the other:", read_meanwhile(Menu()))
    print("under a lock:", read_meanwhile(LockedMenu(), must_wait=True))
    print("replaced as a whole:", read_meanwhile(ReplacedMenu()))
