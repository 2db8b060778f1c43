"""Three threads write into one global list."""
import threading

orders = ["", "", ""]  # a global variable: all threads have it


def cook(place, name):
    orders[place] = f"{name} cooks order {place + 1}"


def main():
    threads = []
    for place, name in enumerate(["Ada", "Grace", "Edsger"]):
        threads.append(threading.Thread(target=cook, args=(place, name)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()  # after it, what the thread wrote is there
    for order in orders:
        print(order)


if __name__ == "__main__":
    main()
