# Needs Python 3.11 or later.
"""Runs nats_worker.py and nats_sender.py, and prints what becomes of their tasks."""
import asyncio
import logging
import os
import signal
import threading

import nats
import nats_sender
import nats_worker

SHARE = b'{"Low": 0, "High": 100}'
logging.disable()
pause = asyncio.sleep
asyncio.sleep = lambda seconds: pause(0 if seconds == 1 else seconds)  # ask again at once


def name(identity):
    return {"Nats-Msg-Id": identity}


async def until(js, subject, says):
    """Asks the server until it says so."""
    while not says(await js.api(subject)):
        pass


async def check():
    js = (await nats.connect("")).jetstream()
    for stream, subjects in nats_worker.STREAMS.items():
        await js.add_stream(name=stream, subjects=subjects, retention="workqueue")
    await js.publish("tasks", b"two teas", headers=name("two teas"))
    await js.publish("tasks", SHARE)  # without an identity

    # The first result isn't answered, nor are two acknowledgements.
    nats.ills["results"] = [nats.errors.Error()]
    nats.ills["$JS.ACK"] = [nats.errors.TimeoutError(), asyncio.TimeoutError()]
    worker = asyncio.create_task(nats_worker.main())
    await nats_sender.main()
    await until(js, "STREAM.INFO.RESULTS", lambda info: info["state"]["messages"] == 0)
    await until(js, "STREAM.INFO.DEAD", lambda info: info["state"]["messages"] == 4)
    print("2 tasks are rejected, with a note on each; none is left")

    # The worker waits for a task, and is told to stop; then one comes.
    await until(js, "CONSUMER.INFO.TASKS.workers", lambda info: info["num_waiting"] == 1)
    signal.raise_signal(signal.SIGTERM)
    await js.publish("tasks", SHARE, headers=name("too late"))
    await worker
    tasks = await js.pull_subscribe_bind("workers", stream="TASKS")
    [task] = await tasks.fetch(1, timeout=5)
    print("the worker has ended; what came too late is in delivery", task.metadata.num_delivered)

    given_back = []
    task.nak = lambda delay: given_back.append(delay) or pause(0)
    for error in ZeroDivisionError, TimeoutError:  # a timeout of the task isn't the worker's
        def fail(low, high):
            raise error
        nats_worker.count_primes = fail
        await nats_worker.work(task, js)
        print(f"{error.__name__}: it comes again in", given_back.pop(), "s")

    free, nats_worker.LIMIT = threading.Event(), 0
    nats_worker.count_primes = lambda low, high: free.wait()
    os._exit = lambda code: free.set() or print("it's stuck: exit", code)
    await nats_worker.work(task, js)


asyncio.run(check())
