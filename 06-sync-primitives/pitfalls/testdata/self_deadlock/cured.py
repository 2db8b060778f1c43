"""A clerk sells a ticket, and reports how many are left."""
import faulthandler
import threading


class Office:
    def __init__(self):
        self.tickets = 3
        self.lock = threading.Lock()  # guards tickets

    def sell(self):
        with self.lock:
            self.tickets -= 1
            self.report_locked()

    def report(self):
        with self.lock:
            self.report_locked()

    def report_locked(self):  # only for callers that hold the lock
        print(self.tickets, "tickets left")


def main():
    faulthandler.dump_traceback_later(2, exit=True)  # if it hangs, say where
    office = Office()
    office.report()
    office.sell()


if __name__ == "__main__":
    main()
