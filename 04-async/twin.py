"""Chapter 04 in Python: the chapter runs it beside Go, and so can you:

    PYTHONPATH=internal/python python3 04-async/twin.py event-loop
"""
import asyncio
import socket
import threading
import time
import urllib.request
import warnings
from urllib.parse import urlsplit

from measure import again, in_turn, main, report, rounds
from workload import count_primes, start_and_join


def two_worlds(url, tasks=20):
    def fetch():
        with urllib.request.urlopen(url) as response:
            response.read()

    async def call():
        fetch()  # which blocks, and with it all the others

    async def at_once():
        await asyncio.gather(*(call() for _ in range(tasks)))

    in_turn(one=fetch, tasks=lambda: asyncio.run(at_once()))
    forget_await()
    asyncio.run(visit_the_other_world())
    report("lost", asyncio.run(add_across_await()))


def forget_await():
    ran = 0

    async def cook():
        nonlocal ran
        ran += 1

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        dish = cook()
        report("called", asyncio.iscoroutine(dish))
        del dish
    report("ran", ran)
    report("warned", sum("was never awaited" in str(w.message) for w in caught))


async def visit_the_other_world():
    """Counts the classes of threading and queue that asyncio has, too, and those
    of them that refuse to work the other way."""
    import queue

    pairs = strangers = 0
    for module, names in (threading, ["Lock", "Condition", "Semaphore", "BoundedSemaphore"]), (queue, ["Queue"]):
        for name in names:
            pairs += 1
            ours, theirs = getattr(asyncio, name)(), getattr(module, name)()
            refused = 0
            try:
                if name == "Queue":
                    await theirs.put(1)
                else:
                    async with theirs:
                        pass
            except (AttributeError, TypeError):
                refused += 1
            if name == "Queue":
                item = ours.put(1)  # which has put nothing
                refused += asyncio.iscoroutine(item) and ours.empty()
                item.close()
            else:
                try:
                    with ours:
                        pass
                except (AttributeError, TypeError, RuntimeError):
                    refused += 1
            strangers += refused == 2
    report("pairs", pairs)
    report("strangers", strangers)


async def add_across_await():
    sold = 0

    async def sell():
        nonlocal sold
        count = sold
        await asyncio.sleep(0)  # the other one runs
        sold = count + 1

    await asyncio.gather(sell(), sell())
    return 2 - sold


def readiness(url):
    import select

    def await_byte(read):
        guest, kitchen = socket.socketpair()
        with guest, kitchen:
            guest.setblocking(False)

            def cook():
                with urllib.request.urlopen(url) as response:
                    response.read()
                kitchen.send(b"!")

            thread = threading.Thread(target=cook)
            thread.start()
            read(guest)
            thread.join()

    def over_and_over(guest):
        while True:
            try:
                return guest.recv(1)
            except BlockingIOError:
                pass

    def when_told(guest):
        select.select([guest], [], [])
        guest.recv(1)

    in_turn(asking=lambda: await_byte(over_and_over), waiting=lambda: await_byte(when_told))


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


def coroutines(pause=0.002):
    async def wake_three():
        woken = []
        accepted = asyncio.Queue()

        async def accept(reader, writer):
            await accepted.put((reader, writer))

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        _, guest = await asyncio.open_connection(*server.sockets[0].getsockname())
        reader, table = await accepted.get()

        async def wait(by, awaitable):
            await awaitable
            woken.append(by)

        waiting = asyncio.gather(
            wait("a task", asyncio.create_task(asyncio.sleep(3 * pause))),
            wait("the clock", asyncio.sleep(2 * pause)),
            wait("a socket", reader.readexactly(1)))
        await asyncio.sleep(pause)
        guest.write(b"!")
        await waiting
        for writer in guest, table:
            writer.close()
        server.close()
        return woken

    for _ in rounds():
        report("woken", asyncio.run(wake_three()) == ["a socket", "the clock", "a task"])


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


def one_world(url, workers=10, sites=4):
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
        "forty threads": lambda: start_and_join(
            [threading.Thread(target=fetch, args=(1,)) for _ in range(workers * sites)]),
        "asyncio": lambda: asyncio.run(gather(workers, sites)),
        "at once": lambda: asyncio.run(gather(workers * sites, 1)),
    })


def ten_thousand(guests, connections, idle):
    async def hold():
        server = await serve_echo()
        before = resident_memory()
        program = await run_go(guests, "guests", address=address_of(server), connections=connections)
        await program.stdout.readline()
        report("memory", (resident_memory() - before) / connections / 1024)
        start = time.process_time()
        await asyncio.sleep(idle)
        report("cpus", (time.process_time() - start) / idle)
        for _ in range(9):
            program.stdin.write(b"\n")
            report("answer", float(await program.stdout.readline()) * 1000)
        program.stdin.close()
        await program.wait()
        server.close()

    asyncio.run(hold())


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


async def serve_echo():
    loop = asyncio.get_running_loop()
    return await loop.create_server(Echo, "127.0.0.1", 0, backlog=1024)


def address_of(server):
    return "%s:%d" % server.sockets[0].getsockname()


async def run_go(program, name, **told):
    """Runs the chapter's program as the load, or the guests, on the last CPU."""
    import subprocess

    return await asyncio.create_subprocess_exec(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=again(name, **told))


def resident_memory():
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * 4096
    except OSError:
        return 0


def costs(load, connections, seconds, echoes, sleepers, naps, switches=20_000, creations=5_000):
    async def switch():
        for _ in range(switches // 2):
            await asyncio.sleep(0)

    async def two_switch():
        await asyncio.gather(switch(), switch())

    async def one():
        return 1

    async def create():
        for _ in range(creations):
            await asyncio.create_task(one())

    for _ in rounds():
        for name, main_coroutine, n in ("sleep(0)", two_switch, switches), ("create_task", create, creations):
            start = time.perf_counter()
            asyncio.run(main_coroutine())
            report(name, (time.perf_counter() - start) / n)

    for _ in range(echoes):
        for n in connections:
            asyncio.run(echo(load, n, seconds))
    for _ in range(naps):
        asyncio.run(many_sleep(sleepers))


async def echo(load, n, seconds):
    import json
    import os
    import resource

    server = await serve_echo()
    program = await run_go(load, "load", address=address_of(server), connections=n, seconds=seconds)
    # Only now, so that the program has all CPUs to choose from.
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    if usable:
        os.sched_setaffinity(0, {min(usable)})
    before = resource.getrusage(resource.RUSAGE_SELF)
    result = json.loads(await program.stdout.read())
    after = resource.getrusage(resource.RUSAGE_SELF)
    if usable:
        os.sched_setaffinity(0, usable)
    await program.wait()
    server.close()
    requests = result["Requests"]
    name = "asyncio, %d" % n
    user = after.ru_utime - before.ru_utime
    report(name + "/rate", requests / result["Seconds"])
    report(name + "/user", user / requests)
    report(name + "/cpu", (user + after.ru_stime - before.ru_stime) / requests)


async def many_sleep(n):
    before = resident_memory()
    tasks = [asyncio.create_task(asyncio.sleep(1)) for _ in range(n)]
    await asyncio.sleep(0)
    report("asyncio/memory", (resident_memory() - before) / n)
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    main()
