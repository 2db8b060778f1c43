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


def timeouts(polite=100, stubborn=10, wait=0.02, cleanup=0.002):
    async def cancel_tasks():
        heard = cleaned_up = denied = 0
        polite_ended = stubborn_ended = 0.0

        async def polite_one():
            nonlocal heard, cleaned_up, polite_ended
            try:
                await asyncio.sleep(wait)
            except asyncio.CancelledError:
                heard += 1
                await asyncio.sleep(cleanup)
                cleaned_up += 1
                polite_ended = time.perf_counter() - start
                raise

        async def stubborn_one():
            nonlocal denied, stubborn_ended
            try:
                await asyncio.sleep(wait)
            except asyncio.CancelledError:
                await asyncio.sleep(wait)
                denied += 1
                stubborn_ended = time.perf_counter() - start

        polite_ones = [asyncio.create_task(polite_one()) for _ in range(polite)]
        stubborn_ones = [asyncio.create_task(stubborn_one()) for _ in range(stubborn)]
        await asyncio.sleep(0)  # they have begun to wait
        start = time.perf_counter()
        for task in polite_ones + stubborn_ones:
            task.cancel()
        await asyncio.sleep(0)  # one turn
        report("heard", heard / polite)
        await asyncio.wait(polite_ones + stubborn_ones)
        report("cleaned up", min(cleaned_up, sum(task.cancelled() for task in polite_ones)) / polite)
        report("denied", min(denied, sum(not task.cancelled() for task in stubborn_ones)) / stubborn)
        report("polite, ended", polite_ended / wait)
        report("stubborn, ended", stubborn_ended / wait)

    for _ in rounds():
        asyncio.run(cancel_tasks())


class Bell:
    """Knows how often it has rung, and how long it was silent before a ring."""

    def __init__(self):
        self.rings, self.longest, self.last = 0, 0.0, time.perf_counter()

    def ring(self):
        now = time.perf_counter()
        self.longest, self.last = max(self.longest, now - self.last), now
        self.rings += 1

    async def ring_beside(self, work, beat):
        task = asyncio.ensure_future(work)
        while not task.done():
            await asyncio.sleep(beat)
            self.ring()
        await task

    def ring_in_thread(self, beat):
        """Rings in a thread, until the function that it returns is called."""
        def run():
            self.last = time.perf_counter()
            begun.set()
            while not done.wait(beat):
                self.ring()

        begun, done = threading.Event(), threading.Event()
        thread = threading.Thread(target=run)
        thread.start()
        begun.wait()

        def stop():
            done.set()
            thread.join()
        return stop


def never_block(blocked=0.03, beat=0.001, power=200_000):
    took = 0.0

    def timed(job):
        nonlocal took
        start = time.perf_counter()
        job()
        took = time.perf_counter() - start

    async def in_coroutine(job):
        timed(job)

    async def in_executor(job):
        await asyncio.get_running_loop().run_in_executor(None, timed, job)

    for _ in rounds():
        for name, job in ("sleep", lambda: time.sleep(blocked)), ("power", lambda: 7777 ** power):
            bell, beside = Bell(), Bell()
            stop = beside.ring_in_thread(beat)
            asyncio.run(bell.ring_beside(in_coroutine(job), beat))
            stop()
            report("coroutine, " + name, bell.longest / took)
            report("beside, " + name, beside.longest / took)
            bell = Bell()
            asyncio.run(bell.ring_beside(in_executor(job), beat))
            report("executor, " + name, bell.longest / took)


def green_threads(spin=0.06, beat=0.001, steps=50):
    def spin_for():
        end = time.perf_counter() + spin
        while time.perf_counter() < end:
            count_primes(0, 100)

    async def count_switches():
        switches, last = 0, None

        async def cook(name):
            nonlocal switches, last
            for _ in range(steps):
                switches += last not in (None, name)
                last = name
                await asyncio.sleep(0)

        await asyncio.gather(cook("Ada"), cook("Bob"))
        return switches

    async def spinner(bell):
        spin_for()
        report("tasks, rings", bell.rings)

    for _ in rounds():
        report("switches", asyncio.run(count_switches()) / (2 * steps - 1))
        bell = Bell()
        asyncio.run(bell.ring_beside(spinner(bell), beat))
        report("tasks, silence", bell.longest / spin)
        bell = Bell()
        stop = bell.ring_in_thread(beat)
        spin_for()
        stop()
        report("threads, rings", bell.rings)
        report("threads, silence", bell.longest / spin)


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
    main(event_loop, task_groups, timeouts, never_block, green_threads, many_waits)
