# Needs Python 3.9 or later.
"""Two requests are under way, and each line of the log says whose it is."""
import asyncio
from contextvars import ContextVar

request_id = ContextVar("request_id", default="-")


def log(text):  # deep down, where nobody passes the id on
    return f"[{request_id.get()}] {text}"


async def query(text):
    await asyncio.sleep(0)  # now the other request runs
    return log(text)


async def handle(number):
    request_id.set(number)  # for this task, and what it starts
    return [await query("asks the database"),
            await asyncio.to_thread(log, "asks a thread")]


async def main():
    for lines in await asyncio.gather(handle(7), handle(8)):
        print(*lines, sep="\n")
    print(log("outside"))


if __name__ == "__main__":
    asyncio.run(main())
