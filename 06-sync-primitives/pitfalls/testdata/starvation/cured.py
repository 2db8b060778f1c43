"""A cook wants to change the menu, and there's always somebody reading it."""
import threading


class Menu:
    def __init__(self):
        self.dish, self.readers, self.cook_waits = "cake", 0, False
        self.changed = threading.Condition()  # its lock guards all of them

    def take(self):  # to read it; False if the reader has to wait
        with self.changed:
            # part: cure
            if self.cook_waits:
                return False  # the cook goes first
            # part: end
            self.readers += 1
            return True

    def put_back(self):
        with self.changed:
            self.readers -= 1
            self.changed.notify_all()

    def change(self, dish):  # as soon as nobody reads
        with self.changed:
            self.cook_waits = True
            self.changed.notify_all()
            while self.readers > 0:
                self.changed.wait()
            self.dish, self.cook_waits = dish, False


def main():
    menu = Menu()
    menu.take()  # the first reader
    cook = threading.Thread(target=menu.change, args=("soup",))
    cook.start()
    with menu.changed:
        while not menu.cook_waits:
            menu.changed.wait()
    let_in = 0
    while let_in < 10_000 and menu.take():  # the next one comes
        menu.put_back()  # before the last one goes
        let_in += 1
    print("readers let in while the cook waits:", let_in)
    menu.put_back()
    cook.join()
    print("now there's", menu.dish)


if __name__ == "__main__":
    main()
