"""Two clerks move orders between two rooms, in opposite directions."""
import faulthandler
import threading


class Room:
    def __init__(self, number):
        self.number, self.orders = number, 1
        self.lock = threading.Lock()


both_hold_one = threading.Barrier(2)


def move(source, target):
    with source.lock:
        both_hold_one.wait()  # until the other clerk holds a lock, too
        with target.lock:
            source.orders -= 1
            target.orders += 1


def main():
    faulthandler.dump_traceback_later(2, exit=True)  # if it hangs, say where
    bar, hall = Room(1), Room(2)
    clerks = [
        threading.Thread(target=move, args=(bar, hall)),
        threading.Thread(target=move, args=(hall, bar)),
    ]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    print("an order moved each way")


if __name__ == "__main__":
    main()
