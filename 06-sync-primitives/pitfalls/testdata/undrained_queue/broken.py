"""Three waiters bring the same bill. The guest takes the first, and goes."""
import faulthandler
import queue
import threading

table = queue.Queue(maxsize=1)


def bring():
    table.put("12 euros")


def main():
    faulthandler.dump_traceback_later(2, exit=True)  # if it hangs, say where
    waiters = [threading.Thread(target=bring) for _ in range(3)]
    for waiter in waiters:
        waiter.start()
    print("paid:", table.get())
    for waiter in waiters:
        waiter.join()
    print("all waiters are back")


if __name__ == "__main__":
    main()
