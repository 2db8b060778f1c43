"""Measures for a twin, as the Go package measure does for a chapter.

A twin has one function a section, and ends with

    if __name__ == "__main__":
        main()

Go runs a section and reads what it prints, a JSON object a line:

    {"started": true}                           from here on, all is results
    {"name": "4 threads", "values": [0.104]}    samples, seconds if they are times
    {"round": 3}                                three rounds are done
    {"waiting": true}                           for Go's word, to begin a round
    {"done": true}                              the section has ended; if it raised
                                                an exception: {"failed": true}

By hand, from the top of the repository:

    PYTHONPATH=internal/python python3 03-processes/twin.py cpu-bound
"""

# A process that multiprocessing spawns imports this file again: what only the
# first one needs is imported where it is used.
import contextlib
import os
import sys
import time

_rounds = 9
_elsewhere = 0.0  # the CPU seconds of the workers of started pools
_orders = None  # the descriptor that Go's orders come from
_turn = None  # while Go paces the rounds: a lock, released to let one begin
_waiting = False  # whether Go's next order is waited for


def in_turn(*variants, **more):
    """Runs variants in turn (A B, B A, A B, ...), as many rounds as Go asks for.

    It takes what dict takes: in_turn(sequential=f, threads=g), or
    in_turn({"fork, 4 workers": f}). It reports the seconds of each run, and
    under the name and "/cpus" how many CPUs the run kept busy: CPU time divided
    by wall time. Of other processes, only the workers of started pools count.
    """
    order = list(dict(*variants, **more).items())
    for _ in rounds():
        for name, run in order:
            cpu, start = cpu_time(), time.perf_counter()
            run()
            wall = time.perf_counter() - start
            report(name, wall)
            report(name + "/cpus", (cpu_time() - cpu) / max(wall, 1e-6))
        order.reverse()


def rounds():
    """Counts the rounds that Go asks for, from 1, and tells it of each one done.

    Until Go lets it run free, this waits for Go's word before each round and
    after the last one, so that Go can make rounds of its own in between. The
    thread does nothing else meanwhile: in a coroutine, the event loop and all
    its tasks are held up.
    """
    for n in range(1, _rounds + 1):
        _wait_for_turn()
        yield n
        _print({"round": n})
    _wait_for_turn()


def report(name, *values):
    """Reports samples of a name: finite numbers.

    A process that was spawned cannot report: Go does not see what it prints.
    """
    _print({"name": name, "values": [float(value) for value in values]})


def timed(job):
    """Returns the seconds that a job takes."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


@contextlib.contextmanager
def started(executor, workers, module):
    """Starts a pool and waits until all of its workers are there, and have
    imported the module that their tasks are from. Yields what to give to a lesson
    in place of the executor's class: it gets that pool."""
    with executor(workers) as pool:
        there = set()
        while len(there) < workers:  # those that are there may have answered for all
            there.update(pool.map(_who, [module] * workers))
        yield lambda _: contextlib.nullcontext(_Counting(pool))


class _Counting:
    """A pool that adds what its tasks take in other processes to cpu_time.

    They tell it themselves: the system adds up the time of children that have
    ended, and neither of those that stay nor of those of a fork server.
    """

    def __init__(self, pool):
        self._pool = pool

    def map(self, task, *values):
        import functools

        global _elsewhere
        for result, seconds in self._pool.map(functools.partial(_count, os.getpid(), task), *values):
            _elsewhere += seconds
            yield result


def _count(first, task, *values):
    """Returns the result of a task, and the CPU seconds that it took elsewhere."""
    before = time.process_time()
    result = task(*values)
    return result, 0 if os.getpid() == first else time.process_time() - before


def _who(module):
    import importlib
    import threading

    importlib.import_module(module)
    time.sleep(0.001)  # leaves another call to another worker
    return os.getpid(), threading.get_ident()


def cpu_time():
    """Returns the CPU seconds of this process, and of the tasks in started pools."""
    return time.process_time() + _elsewhere  # os.times() counts in steps of 10 ms


def again(name, **told):
    """Returns the environment in which a program of Go's package again is that one."""
    import json

    return dict(os.environ, NOTEBOOK_AGAIN=name + " " + json.dumps(told))


def main():
    """Runs the section that the command line names: SECTION [ROUNDS [ARGUMENTS]].

    A section is a function of the twin, called by its name with dashes. The
    arguments are a JSON object: what the function is called with, by keyword.
    """
    import argparse
    import json

    global _rounds
    twin = vars(sys.modules["__main__"]).items()
    by_name = {name.replace("_", "-"): f for name, f in twin if getattr(f, "__module__", "") == "__main__"}
    parser = argparse.ArgumentParser()
    parser.add_argument("section", metavar="section", choices=by_name)
    parser.add_argument("rounds", nargs="?", type=int, default=_rounds)
    parser.add_argument("arguments", nargs="?", type=json.loads)
    command = parser.parse_args()

    lifeline = os.environ.pop("TWIN_LIFELINE", "")
    if lifeline:
        _keep_pipes()
        _hold_lifeline()
    _rounds = command.rounds
    first = os.getpid()
    _print({"started": True})
    end = {"failed": True}
    try:
        by_name[command.section](**command.arguments or {})
        end = {"done": True}
    finally:
        if os.getpid() == first:  # and not a child, by os.fork()
            _print(end)
    if lifeline:
        # The interpreter's own end may crash while the lifeline's thread lives:
        # seen with 3.11, once in some thousand times.
        sys.stderr.flush()
        os._exit(0)


def _print(line):
    import json

    # One write a line: threads may report at the same time.
    sys.stdout.write(json.dumps(line, allow_nan=False) + "\n")
    sys.stdout.flush()


def _wait_for_turn():
    global _waiting
    turn = _turn  # Go's word may take away the other
    if turn is not None:
        _waiting = True
        _print({"waiting": True})
        turn.acquire()
        _waiting = False


def _keep_pipes():
    """Keeps the pipes to Go from the children that are not forked.

    They might read Go's orders, and what they print as they start, a
    sitecustomize for instance, would look like a result. They get what a
    program has that runs in the background, and print to standard error.
    """
    global _orders
    sys.stdout.write("\n")  # after what has been printed without one
    sys.stdout.flush()
    _orders = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdout = open(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)


def _hold_lifeline():
    """Ends this process and its children when Go has ended, in whatever way."""
    import _thread
    import warnings

    global _turn
    _turn = _thread.allocate_lock()
    _turn.acquire()
    # The lifeline is not seen by threading.active_count(), but by os.fork():
    # it sleeps in a system call and holds no lock, so a fork is safe.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    _thread.start_new_thread(_obey_and_end_with_go, ())


def _obey_and_end_with_go():
    global _turn
    try:
        # sys.stdin would take a lock, which a forked child inherits.
        for order in iter(_read_order, b""):
            turn = _turn
            if order == b"f":  # run free from here
                _turn = None
            turn.release()
    except OSError:
        pass
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        import signal

        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


def _read_order():
    """Returns the next byte from Go, or b"" when Go has ended."""
    if os.name == "nt":
        import _winapi
        import msvcrt

        # A read that waits would also hold up each child that is started. At
        # the end of the pipe, the peek raises BrokenPipeError.
        while _winapi.PeekNamedPipe(msvcrt.get_osfhandle(_orders), 0)[0] == 0:
            time.sleep(0.005 if _waiting else 0.2)
    return os.read(_orders, 1)
