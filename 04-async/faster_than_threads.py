# Needs Python 3.11 or later.
"""Ten tasks wait for the same site at the same time."""
import asyncio

WORKERS, EACH = 10, 4


class Site:
    """Answers nobody until ten are waiting."""

    def __init__(self):
        self.ten_are_waiting = asyncio.Barrier(WORKERS)

    async def serve(self, reader, writer):
        while await reader.readline():
            await self.ten_are_waiting.wait()
            writer.write(b"ok\n")
        writer.close()


async def fetch(host, port, times):
    """Makes requests one after another, and counts the answers."""
    reader, writer = await asyncio.open_connection(host, port)
    for _ in range(times):
        writer.write(b"soup\n")
        if await reader.readline() != b"ok\n":
            raise ConnectionError("the site gave another answer")
    writer.close()
    return times


async def fetch_at_once(host, port, workers, each):
    return sum(await asyncio.gather(*(fetch(host, port, each) for _ in range(workers))))


async def main():
    server = await asyncio.start_server(Site().serve, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        answers = await fetch_at_once(host, port, WORKERS, EACH)
    print(answers, "answers,", WORKERS, "at a time")


if __name__ == "__main__":
    asyncio.run(main())
