"""A queue with room for two orders, and a cook that takes them."""
import queue
import threading


def serve(orders, served):
    while (dish := orders.get()) is not None:  # waits while there is none
        served.append(dish)


def main():
    orders, served = queue.Queue(maxsize=2), []
    orders.put("soup")
    orders.put("cake")
    try:
        orders.put_nowait("tea")
    except queue.Full:
        print("two orders, and there's no room for a third")

    cook = threading.Thread(target=serve, args=(orders, served))
    cook.start()
    for dish in "tea", "pie":
        orders.put(dish)  # waits while there are two
    orders.put(None)  # no more
    cook.join()
    print("served:", *served)


if __name__ == "__main__":
    main()
