"""Soup and cake: awaited one after another, and gathered."""
import asyncio

on_the_stove = most = 0


async def cook(dish, seconds):
    global on_the_stove, most
    on_the_stove += 1
    most = max(most, on_the_stove)
    await asyncio.sleep(seconds)
    on_the_stove -= 1
    return dish


async def in_turn(seconds):
    soup = await cook("soup", seconds)  # the cake isn't begun yet
    cake = await cook("cake", seconds)
    return soup, cake


async def at_once(seconds):
    return await asyncio.gather(cook("soup", seconds), cook("cake", seconds))


async def main():
    global most
    for way in in_turn, at_once:
        most = 0
        soup, cake = await way(0.01)
        print(f"{way.__name__}: {soup} and {cake}, {most} on the stove at a time")


if __name__ == "__main__":
    asyncio.run(main())
