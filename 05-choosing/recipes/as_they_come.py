# Needs Python 3.11 or later.
"""Three stations are asked at once, and each answer is shown as it comes."""
import asyncio

TURNS = {"Oslo": 3, "Rome": 1, "Bern": 2}  # of the event loop


async def ask(city):
    for _ in range(TURNS[city]):
        await asyncio.sleep(0)  # put your request here
    if city == "Bern":
        raise ConnectionError("the station is closed")
    return 21


async def named(city):  # or you won't know whose answer it is
    try:
        return city, f"{await ask(city)} degrees"
    except ConnectionError as error:
        return city, error


async def main():
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(named(city)) for city in TURNS]
        for next_one in asyncio.as_completed(tasks):
            city, answer = await next_one
            print(f"{city}: {answer}")


if __name__ == "__main__":
    asyncio.run(main())
