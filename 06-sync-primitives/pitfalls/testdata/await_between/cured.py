"""Two waiters add a tea each to one bill, in asyncio. Each waits first."""
import asyncio

bill, asked = 0, 0


async def price(both_ask):
    global asked
    asked += 1
    if asked == 2:
        both_ask.set()
    await both_ask.wait()  # until the other waiter asks, too
    return 3


async def add_tea(both_ask):
    global bill
    cost = await price(both_ask)
    bill += cost


async def main():
    both_ask = asyncio.Event()
    await asyncio.gather(add_tea(both_ask), add_tea(both_ask))
    print("two teas at 3 euros:", bill, "euros to pay")


if __name__ == "__main__":
    asyncio.run(main())
