# Needs Python 3.11 or later.
"""A worker of the same queue."""
import asyncio
import json
import logging
import os
import signal

import nats
import nats.errors

LEASE, LIMIT = 30, 600  # seconds; no task may take longer than the limit
NOTE = "$JS.EVENT.ADVISORY.CONSUMER.{}.TASKS.workers"
STREAMS = {"TASKS": ["tasks"], "RESULTS": ["results"], "DEAD": [
    "rejected", NOTE.format("MAX_DELIVERIES"), NOTE.format("MSG_TERMINATED")]}


def count_primes(low, high):
    """Counts the primes from low up to, but without, high, by trial division."""
    found = 0
    for n in range(max(low, 2), high):
        d = 2
        while d * d <= n and n % d:
            d += 1
        found += d * d > n
    return found


async def until_answered(ask):
    while True:  # the servers may be electing a leader
        try:
            return await ask()
        except (nats.errors.Error, asyncio.TimeoutError):
            logging.exception("asking again")
            await asyncio.sleep(1)


async def send_heartbeats(task):
    while True:  # the lease begins anew each time
        await asyncio.sleep(LEASE / 3)
        try:
            await task.in_progress()
        except nats.errors.Error:
            logging.exception("the next heartbeat may work")


async def work(task, js):
    try:
        share = json.loads(task.data)
        low, high = share["Low"], share["High"]
        same = {"Nats-Msg-Id": task.headers["Nats-Msg-Id"]}
    except (ValueError, KeyError, TypeError):
        # Nobody can do it. term() deletes it, so keep it elsewhere first.
        await until_answered(lambda: js.publish("rejected", task.data))
        return await task.term()
    heartbeats = asyncio.create_task(send_heartbeats(task))
    try:
        async with asyncio.timeout(LIMIT) as limit:
            # In a thread, so that the loop is free for heartbeats.
            primes = str(await asyncio.to_thread(count_primes, low, high)).encode()
            # First store the result, then acknowledge the task.
            await until_answered(lambda: js.publish("results", primes, headers=same))
            await until_answered(task.ack_sync)
    except Exception:
        if limit.expired():
            logging.error("stuck: a thread can't be stopped, so the worker ends")
            os._exit(1)  # whatever started this worker starts another one
        logging.exception("it's given out again in 1, 2, 4 and 8 minutes")
        await task.nak(delay=30 * 2 ** task.metadata.num_delivered)
    finally:
        heartbeats.cancel()


async def main():
    stop = asyncio.Event()  # SIGTERM: finish this task, and take no other
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    connection = await nats.connect("nats://localhost:4222", max_reconnect_attempts=-1)
    js = connection.jetstream()
    for name, subjects in STREAMS.items():
        await js.add_stream(name=name, subjects=subjects, retention="workqueue")
    await js.add_consumer("TASKS", durable_name="workers", ack_wait=LEASE, max_deliver=5)
    tasks = await js.pull_subscribe_bind("workers", stream="TASKS")
    while not stop.is_set():
        try:
            for task in await tasks.fetch(1, timeout=5):
                if stop.is_set():
                    await task.nak()  # another worker may have it at once
                else:
                    await work(task, js)
        except asyncio.TimeoutError:
            pass  # nothing to do
        except nats.errors.Error:
            logging.exception("trying again")
            await asyncio.sleep(1)
    await connection.drain()


if __name__ == "__main__":
    asyncio.run(main())
