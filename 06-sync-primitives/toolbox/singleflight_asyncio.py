"""Ten tasks ask for a price that isn't in the cache."""
import asyncio


class Prices:
    def __init__(self, fetch):
        self.fetch, self.known, self.flights = fetch, {}, {}

    async def look_or_fetch(self, dish):
        """A plain cache: while it's empty, everybody fetches."""
        if dish not in self.known:
            self.known[dish] = await self.fetch(dish)
        return self.known[dish]

    async def price(self, dish):
        """One fetches, and the others wait for what it brings."""
        if dish in self.known:
            return self.known[dish]
        if dish not in self.flights:  # no await up to the next line
            self.flights[dish] = asyncio.create_task(self.fly(dish))
        return await asyncio.shield(self.flights[dish])

    async def fly(self, dish):
        try:
            self.known[dish] = await self.fetch(dish)
            return self.known[dish]
        finally:
            del self.flights[dish]


async def fetches(way):
    """Returns how many of ten fetch."""
    fetched = []

    async def fetch(dish):
        fetched.append(dish)
        await asyncio.sleep(0)  # meanwhile, all the others look
        return 5

    prices = Prices(fetch)
    await asyncio.gather(*(way(prices, "soup") for _ in range(10)))
    return len(fetched)


async def main():
    print("a cache: 10 ask, fetched", await fetches(Prices.look_or_fetch))
    print("one for all: 10 ask, fetched", await fetches(Prices.price))


if __name__ == "__main__":
    asyncio.run(main())
