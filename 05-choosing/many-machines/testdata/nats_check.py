# Needs Python 3.11 or later.
"""Runs nats_worker.py and nats_sender.py with the stand-in, and prints what they say to it."""
import asyncio
import logging
import os
import signal
import threading

import nats
import nats_sender
import nats_worker

logging.disable()
pause = asyncio.sleep
asyncio.sleep = lambda seconds: pause(0)  # nothing to wait for
SHARE, NAME = b'{"Low": 0, "High": 100}', {"Nats-Msg-Id": "share 1"}


def check(title, run, *ills):
    nats.said, nats.ills = [], list(ills)
    asyncio.run(run)
    print(title, *nats.said, sep="\n  ")


def work(data, headers=None, num_delivered=1):
    return nats_worker.work(nats.Msg(data, headers, num_delivered), nats.JetStream())


async def too_late():
    """A task comes when the worker has been told to stop."""
    signal.raise_signal(signal.SIGTERM)
    for _ in range(10):  # the loop hears of it
        await pause(0)
    return [nats.Msg(SHARE, NAME)]


class Left(BaseException):
    pass


def leave(code):
    free.set()
    nats.said.append(f"exit {code}")
    raise Left


check("a share, in an election", work(SHARE, NAME), nats.errors.Error(), nats.errors.TimeoutError(), asyncio.TimeoutError())
check("not JSON", work(b"two teas", NAME))
check("no identity", work(SHARE))
check("it fails", work(b'{"Low": "a", "High": "b"}', NAME, 3))
nats.queue = [[], asyncio.TimeoutError(), nats.errors.TimeoutError(), nats.errors.Error(), [nats.Msg(SHARE, NAME)], too_late]
check("stopped", nats_worker.main())
nats.queue = [[nats.Msg(b"2")] for _ in range(16)]
check("the sender", nats_sender.main())

free, nats_worker.LIMIT, os._exit = threading.Event(), 0, leave
nats_worker.count_primes = lambda low, high: free.wait()
try:
    check("stuck", work(SHARE, NAME))
except Left:
    print("stuck", *nats.said, sep="\n  ")
