# Needs Python 3.11 or later.
"""The first replica doesn't answer. After a moment the next one is asked, too."""
import asyncio


async def hedged(calls, patience):
    """Begins the next call after that time, or after an error. The first answer wins."""
    calls, running, errors = list(calls), set(), []
    if not calls:
        raise ValueError("there's nobody to ask")
    try:
        while calls or running:
            if calls:
                running.add(asyncio.create_task(calls.pop(0)()))
            done, running = await asyncio.wait(
                running, timeout=patience if calls else None,
                return_when=asyncio.FIRST_COMPLETED)
            errors += filter(None, [task.exception() for task in done])  # of all
            for task in done:
                if not task.exception():
                    return task.result()
        raise ExceptionGroup("nobody answered", errors)
    finally:  # the losers
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def first():  # put your requests here
    await asyncio.sleep(3600)
    return "the first answers"


async def second():
    return "the second answers"


async def main():
    print(await hedged([first, second], patience=0.01))


if __name__ == "__main__":
    asyncio.run(main())
