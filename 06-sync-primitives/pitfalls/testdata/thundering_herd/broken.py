"""A hundred cooks wait for orders, and one order comes."""
import threading

lock = threading.Lock()  # guards what follows
orders = here = woken = in_vain = 0
came = threading.Condition(lock)  # signalled when an order comes
looked = threading.Condition(lock)  # signalled when a cook has looked


def cook():
    global orders, here, woken, in_vain
    with lock:
        here += 1
        looked.notify()
        while orders == 0:
            came.wait()
            woken += 1
            in_vain += orders == 0
            looked.notify()
        orders -= 1


def main():
    global orders
    cooks = [threading.Thread(target=cook) for _ in range(100)]
    for thread in cooks:
        thread.start()
    with lock:
        looked.wait_for(lambda: here == 100)
        orders = 1
        came.notify_all()
        looked.wait_for(lambda: woken == 100)
        orders += 99  # now one for each
        came.notify_all()
    for thread in cooks:
        thread.join()
    print(in_vain, "cooks woken in vain")


if __name__ == "__main__":
    main()
