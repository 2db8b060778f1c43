"""Ten guests ask for a price that isn't in the cache."""
import threading
from concurrent.futures import Future


class Prices:
    def __init__(self, fetch):
        self.fetch = fetch
        self.known, self.flights, self.lock = {}, {}, threading.Lock()

    def look_or_fetch(self, dish):
        """A plain cache: while it's empty, everybody fetches."""
        if dish not in self.known:
            self.known[dish] = self.fetch(dish)
        return self.known[dish]

    def price(self, dish):
        """One fetches, and the others wait for what it brings."""
        with self.lock:
            if dish in self.known:
                return self.known[dish]
            first = dish not in self.flights
            flight = self.flights.setdefault(dish, Future())
        if first:
            try:
                self.known[dish] = self.fetch(dish)
                flight.set_result(self.known[dish])
            except BaseException as error:
                flight.set_exception(error)
            finally:
                with self.lock:
                    del self.flights[dish]
        return flight.result()


def ask(get, guests):
    threads = [threading.Thread(target=get, args=("soup",)) for _ in range(guests)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    fetched, all_have_looked = [], threading.Barrier(10)
    cache = Prices(lambda dish: fetched.append(dish) or all_have_looked.wait())
    ask(cache.look_or_fetch, 10)
    print("a cache: 10 ask, fetched", len(fetched))
    fetched.clear()
    ask(Prices(fetched.append).price, 10)
    print("one for all: 10 ask, fetched", len(fetched))
