# Needs Python 3.11 or later.
"""Three guests have a moment each. Are they gone after it?"""
import asyncio


async def polite():
    try:
        await asyncio.Event().wait()  # which never happens
    finally:
        await asyncio.sleep(0)  # it cleans up; this await isn't cancelled
        print("polite cleans up")


async def stubborn():
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:  # it doesn't raise it again
        print("stubborn stays")


async def main():
    bank_answers = asyncio.Event()
    payment = asyncio.create_task(bank_answers.wait())

    async def paying():
        await asyncio.shield(payment)

    for guest in polite, stubborn, paying:
        try:
            async with asyncio.timeout(0.01):
                await guest()
        except TimeoutError:
            print(f"{guest.__name__}: a timeout")
        else:
            print(f"{guest.__name__}: no error")
    bank_answers.set()
    await payment
    print("and the payment is made")


if __name__ == "__main__":
    asyncio.run(main())
