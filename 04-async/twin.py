"""Chapter 04 in Python: the chapter runs it beside Go, and so can you:

    PYTHONPATH=internal/python python3 04-async/twin.py event-loop
"""
import asyncio
import socket
import threading
import time
from urllib.parse import urlsplit

from measure import in_turn, main, report, rounds
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


async def gather(coroutines):
    await asyncio.gather(*coroutines)


async def in_group(coroutines):
    async with asyncio.TaskGroup() as group:
        for coroutine in coroutines:
            group.create_task(coroutine)


def task_groups(cooks=4, fails=0.008, takes=0.024):
    async def outcome(policy, run):
        """Reports what becomes of the cooks when the soup burns, as the outcome in task_groups.go."""
        running, finished, cancelled, ended = cooks, 0, 0, 0.0

        async def burn():
            nonlocal failed, at_failure
            await asyncio.sleep(fails)
            failed, at_failure = time.perf_counter(), running
            raise RuntimeError("the soup is burnt")

        async def cook():
            nonlocal running, finished, cancelled, ended
            try:
                await asyncio.sleep(takes)
                finished += 1
            except asyncio.CancelledError:
                cancelled += 1
                raise
            finally:
                running -= 1
                ended = time.perf_counter()

        failed, at_failure = 0.0, 0
        began = time.perf_counter()
        try:
            await run([burn()] + [cook() for _ in range(cooks)])
        except Exception:  # a TaskGroup raises an ExceptionGroup
            pass
        told, left = time.perf_counter(), running
        while rest := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(rest)
        if at_failure:
            report(policy + ", told", (told - began) / (failed - began))
            report(policy + ", ended", (ended - began) / (failed - began))
            report(policy + ", cancelled", cancelled / at_failure)
            report(policy + ", left", left / at_failure)

    for _ in rounds():
        asyncio.run(outcome("gather", gather))
        if hasattr(asyncio, "TaskGroup"):  # from 3.11 on
            asyncio.run(outcome("group", in_group))


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
    main(event_loop, task_groups, many_waits)
