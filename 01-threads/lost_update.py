"""Two threads sell a ticket each, and one sale is lost."""
import threading


def sell_at_once(sold):
    """Both threads read the counter before one of them writes it."""
    both_have_read = threading.Barrier(2)

    def sell():
        seen = sold["tickets"]
        both_have_read.wait()
        sold["tickets"] = seen + 1

    run_twice(sell)


def sell_with_lock(sold):
    lock = threading.Lock()

    def sell():
        with lock:  # read and write in one go
            sold["tickets"] += 1

    run_twice(sell)


def run_twice(sell):
    threads = [threading.Thread(target=sell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    sold = {"tickets": 0}
    sell_at_once(sold)
    print("read, then write:", sold["tickets"], "sold")

    sold = {"tickets": 0}
    sell_with_lock(sold)
    print("under a lock:    ", sold["tickets"], "sold")


if __name__ == "__main__":
    main()
