"""Two cooks share one stove: concurrent, and not parallel."""
import threading

# A cook takes the stove when it's their turn, and hands it over.
turn = {"soup": threading.Semaphore(1), "cake": threading.Semaphore(0)}


def cook(dish, other):
    for step in (1, 2, 3):
        turn[dish].acquire()
        print(f"{dish}, step {step}")
        turn[other].release()


def main():
    ada = threading.Thread(target=cook, args=("soup", "cake"))
    grace = threading.Thread(target=cook, args=("cake", "soup"))
    ada.start()
    grace.start()
    ada.join()
    grace.join()


if __name__ == "__main__":
    main()
