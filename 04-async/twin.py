"""Chapter 04 in Python: the chapter runs it beside Go, and so can you:

    PYTHONPATH=internal/python python3 04-async/twin.py event-loop
"""
import asyncio
import socket
import threading
from urllib.parse import urlsplit

from measure import in_turn, main
from workload import count_primes, start_and_join


def event_loop(tasks=2, parts=10, high=2_000):
    def sequential():
        for _ in range(tasks * parts):
            count_primes(0, high)

    async def compute():
        for _ in range(parts):
            count_primes(0, high)
            await asyncio.sleep(0)  # let the others run

    async def gather():
        await asyncio.gather(*(compute() for _ in range(tasks)))

    in_turn({"sequential": sequential, "asyncio": lambda: asyncio.run(gather())})


def many_waits(url, workers=10, sites=4):
    address = urlsplit(url)
    request = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    def fetch(each):
        for _ in range(each):
            with socket.create_connection((address.hostname, address.port)) as connection:
                connection.sendall(request)
                with connection.makefile("rb") as answer:
                    assert answer.read().endswith(b"ok")

    async def fetch_async(each):
        for _ in range(each):
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            writer.write(request)
            assert (await reader.read()).endswith(b"ok")
            writer.close()

    async def gather(tasks, each):
        await asyncio.gather(*(fetch_async(each) for _ in range(tasks)))

    in_turn({
        "sequential": lambda: fetch(workers * sites),
        "threads": lambda: start_and_join([threading.Thread(target=fetch, args=(sites,)) for _ in range(workers)]),
        "asyncio": lambda: asyncio.run(gather(workers, sites)),
        "at once": lambda: asyncio.run(gather(workers * sites, 1)),
    })


if __name__ == "__main__":
    main(event_loop, many_waits)
