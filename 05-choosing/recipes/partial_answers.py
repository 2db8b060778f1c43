# Needs Python 3.11 or later.
"""Three services are asked. What isn't there in time is left out."""
import asyncio


async def within(seconds, call):
    """Returns the answer, or the exception."""
    try:
        async with asyncio.timeout(seconds):
            return await call
    except Exception as error:  # TimeoutError too
        return error


async def ask_all(calls, seconds):
    """Returns each one's answer or exception. All together take so long, no longer."""
    answers = await asyncio.gather(*(within(seconds, call) for call in calls.values()))
    return dict(zip(calls, answers))


async def price():  # put your requests here
    return "9.99"


async def reviews():
    raise ConnectionError("unavailable")


async def stock():
    await asyncio.sleep(3600)


async def main():
    calls = {"price": price(), "reviews": reviews(), "stock": stock()}
    for name, answer in (await ask_all(calls, seconds=0.05)).items():
        if isinstance(answer, TimeoutError):
            answer = "too late"
        print(f"{name}: {answer}")


if __name__ == "__main__":
    asyncio.run(main())
