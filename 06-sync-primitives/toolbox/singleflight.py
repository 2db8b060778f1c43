"""Ten guests ask for a price that isn't in the cache."""
import threading
from concurrent.futures import Future, ThreadPoolExecutor


class Prices:
    def __init__(self, fetch, known):
        self.fetch, self.known = fetch, known
        self.flights, self.lock = {}, threading.Lock()

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
            with self.lock:
                del self.flights[dish]
        return flight.result()


def fetches(way):
    """Returns how many of ten fetch, where no price is there before all have looked."""
    looked, fetched, all_have_looked = [], [], threading.Event()

    class Known(dict):
        def __contains__(self, dish):
            looked.append(found := super().__contains__(dish))
            if len(looked) == 10:
                all_have_looked.set()
            return found

    def fetch(dish):
        fetched.append(dish)
        all_have_looked.wait()
        return 5

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(way, [Prices(fetch, Known())] * 10, ["soup"] * 10))
    return len(fetched)


if __name__ == "__main__":
    print("a cache: 10 ask, fetched", fetches(Prices.look_or_fetch))
    print("one for all: 10 ask, fetched", fetches(Prices.price))
