"""What chapter 04 measures in Python, beside Go: the sections' own programs.

    PYTHONPATH=internal/python python3 04-async/twin.py event-loop
"""
import asyncio
import threading
import time

from measure import again, in_turn, main, report, rounds, timed

menu = ""  # a global variable of both worlds


def two_worlds(seconds):
    import inspect
    import warnings

    import two_worlds as lesson

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        dish = lesson.cook("soup", seconds)
        report("created", inspect.getcoroutinestate(dish) == inspect.CORO_CREATED)
        del dish
        report("warned", sum("was never awaited" in str(w.message) for w in caught) == 1)
    awaiting = refused_by_compiler("await cook")
    report("refused", awaiting + asyncio.run(run_is_refused()))
    report("async only", awaiting + refused_by_compiler("async for dish in menu: pass")
           + refused_by_compiler("async with kitchen: pass"))
    compare_libraries()

    async def write():
        global menu
        menu = "soup"

    asyncio.run(write())
    report("shared", menu == "soup")
    in_turn({
        "in turn": lambda: asyncio.run(lesson.in_turn(seconds)),
        "at once": lambda: asyncio.run(lesson.at_once(seconds)),
    })


def refused_by_compiler(statement):
    """Tells whether an ordinary function can't have that statement."""
    try:
        compile("def ordinary():\n    " + statement, "ordinary", "exec")
    except SyntaxError:
        return True
    return False


async def run_is_refused():
    nothing = asyncio.sleep(0)
    try:
        asyncio.run(nothing)
    except RuntimeError:
        return True
    finally:
        nothing.close()
    return False


def compare_libraries():
    """Counts the classes of both worlds, and those that wait in another way in each."""
    import queue
    from inspect import iscoroutinefunction

    waits = {
        "Lock": "acquire", "Event": "wait", "Condition": "wait", "Semaphore": "acquire",
        "BoundedSemaphore": "acquire", "Barrier": "wait",
        "Queue": "get", "LifoQueue": "get", "PriorityQueue": "get",
    }
    pairs = [(getattr(asyncio, name), getattr(threading, name, None) or getattr(queue, name), wait)
             for name, wait in waits.items() if hasattr(asyncio, name)]
    report("pairs", len(pairs))
    strangers = 0
    for theirs, ours, wait in pairs:
        one = ours(1) if ours is threading.Barrier else ours()
        strangers += iscoroutinefunction(getattr(theirs, wait)) and not iscoroutinefunction(getattr(one, wait))
    report("strangers", strangers)


def coroutines():
    import coroutines as lesson

    for _ in rounds():
        for thing, ran in asyncio.run(lesson.look()).items():
            report(thing, ran)


def task_groups(beside, fails, takes):
    async def gather(coroutines):
        await asyncio.gather(*coroutines)

    async def group(coroutines):
        async with asyncio.TaskGroup() as group:
            for coroutine in coroutines:
                group.create_task(coroutine)

    async def outcome(way, run):
        """Reports what becomes of those beside one that fails, as the outcome in Go."""
        running, finished, cancelled, ended = beside, 0, 0, 0.0

        async def burn():
            nonlocal at_failure
            await asyncio.sleep(fails)
            at_failure = running
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

        at_failure = 0
        began = time.perf_counter()
        try:
            await run([burn()] + [cook() for _ in range(beside)])
        except Exception:  # a TaskGroup raises an ExceptionGroup
            pass
        told, left = time.perf_counter(), running
        while rest := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(rest)
        if at_failure:
            report(way + ", told", told - began)
            report(way + ", ended", ended - began)
            report(way + ", cancelled", cancelled / at_failure)
            report(way + ", left", left / at_failure)

    for _ in rounds():
        asyncio.run(outcome("gather", gather))
        if hasattr(asyncio, "TaskGroup"):  # from 3.11 on
            asyncio.run(outcome("group", group))


def timeouts(polite, stubborn, wait, cleanup):
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
        report("polite", polite_ended)
        report("stubborn", stubborn_ended)

    for _ in rounds():
        asyncio.run(cancel_tasks())


class Bell:
    """Knows how long it was silent before a ring."""

    def __init__(self):
        self.longest, self.last = 0.0, time.perf_counter()

    def ring(self):
        now = time.perf_counter()
        self.longest, self.last = max(self.longest, now - self.last), now

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
            self.ring()  # it may not have rung at all
        return stop


def power(exponent):
    """The article's job: one call, which holds the GIL to its end."""
    return timed(lambda: 7777 ** exponent)


def nap(seconds):
    return timed(lambda: time.sleep(seconds))


def never_block(blocked, beat, exponent):
    from concurrent.futures import ProcessPoolExecutor

    def measured(name, work):
        """Rings beside the work, which returns the seconds that its job took."""
        async def run():
            nonlocal took
            took = await work()

        took = 0.0
        bell = Bell()
        asyncio.run(bell.ring_beside(run(), beat))
        report("silence, " + name, bell.longest)
        report("part, " + name, bell.longest / took)

    async def in_coroutine():
        return nap(blocked)

    async def in_process():
        return await asyncio.get_running_loop().run_in_executor(processes, power, exponent)

    with ProcessPoolExecutor(1) as processes:
        processes.submit(power, 1).result()  # now the worker is there
        for _ in rounds():
            beside = Bell()
            stop = beside.ring_in_thread(beat)
            measured("coroutine", in_coroutine)
            stop()
            report("silence, beside", beside.longest)
            report("part, beside", beside.longest / blocked)
            measured("to_thread, sleep", lambda: asyncio.to_thread(nap, blocked))
            measured("to_thread, power", lambda: asyncio.to_thread(power, exponent))
            measured("process, power", in_process)


def event_loop(pause, high):
    import event_loop as lesson

    from workload import count_primes

    async def waits():
        await lesson.pause(pause)

    async def computes():
        for _ in range(5):
            count_primes(0, high)
            await lesson.pause(0)  # lets the other go on

    in_turn({
        "one waits": lambda: lesson.run(waits()),
        "two wait": lambda: lesson.run(waits(), waits()),
        "one computes": lambda: lesson.run(computes()),
        "two compute": lambda: lesson.run(computes(), computes()),
    })


def faster_than_threads(host, port, workers, each):
    import socket
    from concurrent.futures import ThreadPoolExecutor

    import faster_than_threads as lesson

    def fetch(times):
        with socket.create_connection((host, port)) as site, site.makefile("rb") as answers:
            for _ in range(times):
                site.sendall(b"soup\n")
                if answers.readline() != b"ok\n":
                    raise ConnectionError("the site gave another answer")

    def in_threads(workers, each):
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(fetch, [each] * workers))

    def in_tasks(workers, each):
        asyncio.run(lesson.fetch_at_once(host, port, workers, each))

    in_turn({
        "in turn": lambda: fetch(workers * each),
        "ten threads": lambda: in_threads(workers, each),
        "ten tasks": lambda: in_tasks(workers, each),
        "forty threads": lambda: in_threads(workers * each, 1),
        "forty tasks": lambda: in_tasks(workers * each, 1),
    })


def ten_thousand(kind, guests, connections, windows, window):
    """Holds connections, with a task or a thread for each, and tells how it idles."""
    import gc

    import ten_thousand as lesson

    async def with_tasks():
        server = await asyncio.start_server(lesson.echo, "127.0.0.1", 0, backlog=1024)
        return server.sockets[0].getsockname(), server.close

    async def with_threads():
        import socket

        def echo(guest):
            with guest:
                while message := guest.recv(512):
                    guest.sendall(message)

        def serve():
            try:
                while True:
                    guest, _ = door.accept()
                    threading.Thread(target=echo, args=(guest,)).start()
            except OSError:
                pass  # the door is shut

        def close():
            door.shutdown(socket.SHUT_RDWR)
            door.close()

        door = socket.create_server(("127.0.0.1", 0), backlog=1024)
        threading.Thread(target=serve).start()
        return door.getsockname(), close

    async def hold():
        address, close = await (with_threads() if kind == "threads" else with_tasks())
        before = resident_memory()
        program = await run_go(guests, "guests", address="%s:%d" % address, connections=connections)
        await program.stdout.readline()
        if kind == "threads" and threading.active_count() < connections:
            raise RuntimeError("that isn't a thread each")
        gc.collect()
        if before:
            report("memory", (resident_memory() - before) / connections)
        for _ in range(windows):
            cpu, start = time.process_time(), time.perf_counter()
            await asyncio.sleep(window)
            report("cpus", (time.process_time() - cpu) / (time.perf_counter() - start))
        for _ in range(9):
            program.stdin.write(b"\n")
            report("answer", float(await program.stdout.readline()))
        program.stdin.close()
        await program.wait()
        close()
        # The guests have gone: their tasks end here, and not in a cancellation.
        while rest := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(rest)

    asyncio.run(hold())


def one_world(spin, beat):
    from workload import count_primes

    def compute():
        end = time.perf_counter() + spin
        while time.perf_counter() < end:
            count_primes(0, 100)

    async def computing():
        compute()

    for _ in rounds():
        bell = Bell()
        asyncio.run(bell.ring_beside(computing(), beat))
        report("tasks, silence", bell.longest)
        report("tasks, part", bell.longest / spin)
        bell = Bell()
        stop = bell.ring_in_thread(beat)
        compute()
        stop()
        report("threads, silence", bell.longest)


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


async def run_go(program, name, **told):
    """Runs the chapter's program as the load, or the guests, on the last CPU."""
    import subprocess

    return await asyncio.create_subprocess_exec(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=again(name, **told))


def resident_memory():
    import os

    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def loops():
    """Returns how to run a coroutine on asyncio's loop and, where it's installed, on uvloop."""
    runs = {"": asyncio.run}
    try:
        import uvloop
    except ImportError:
        return runs

    def on_uvloop(coroutine):
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(coroutine)

    if hasattr(asyncio, "Runner"):  # from 3.11 on
        runs["uvloop, "] = on_uvloop
    return runs


def costs(load, connections, seconds, tasks, switches, creations, sleepers):
    async def take_turns():
        async def one():
            for _ in range(switches // tasks):
                await asyncio.sleep(0)

        # A socket is open, as in Go's.
        server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0)
        await asyncio.gather(*(one() for _ in range(tasks)))
        server.close()

    async def create():
        async def one():
            return 1

        for _ in range(creations):
            await asyncio.create_task(one())

    async def many_sleep():
        before = resident_memory()
        asleep = [asyncio.create_task(asyncio.sleep(1)) for _ in range(sleepers)]
        await asyncio.sleep(0)
        if before:
            report("asyncio/memory", (resident_memory() - before) / sleepers)
        for task in asleep:
            task.cancel()
        await asyncio.wait(asleep)

    for n in rounds():
        for loop, run in loops().items():
            report(loop + "sleep(0)", timed(lambda: run(take_turns())))
            report(loop + "create_task", timed(lambda: run(create())))
            for count in connections:
                run(echo(loop or "asyncio, ", load, count, seconds))
        if n == 1:  # memory that was used once is used again
            asyncio.run(many_sleep())


async def echo(loop, load, connections, seconds):
    import json
    import os
    import resource

    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0, backlog=1024)
    address = "%s:%d" % server.sockets[0].getsockname()
    program = await run_go(load, "load", address=address, connections=connections, seconds=seconds)
    # Only now, so that the program has all CPUs to choose from.
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    if usable:
        os.sched_setaffinity(0, {min(usable)})
    before = resource.getrusage(resource.RUSAGE_SELF)
    requests = json.loads(await program.stdout.read())
    after = resource.getrusage(resource.RUSAGE_SELF)
    if usable:
        os.sched_setaffinity(0, usable)
    await program.wait()
    server.close()
    user = after.ru_utime - before.ru_utime
    report("%s%d/user" % (loop, connections), user / requests)
    report("%s%d/cpu" % (loop, connections), (user + after.ru_stime - before.ru_stime) / requests)


if __name__ == "__main__":
    main()
