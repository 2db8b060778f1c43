"""A thread that waits releases the GIL, or this would never end."""
import os
import threading


def wait_for_order(read_end, served):
    order = os.read(read_end, 100)  # waits, and releases the GIL
    served.append(order.decode())


def main():
    read_end, write_end = os.pipe()
    served = []
    cook = threading.Thread(target=wait_for_order, args=(read_end, served))
    cook.start()
    # If the cook kept the GIL while it waits, main could not go on.
    os.write(write_end, b"soup")
    cook.join()
    os.close(read_end)
    os.close(write_end)
    print("served:", *served)


if __name__ == "__main__":
    main()
