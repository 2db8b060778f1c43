"""A worker of the same queue: pip install nats-py, and a server."""
import asyncio
import json
import logging
import signal

import nats
import nats.errors

LEASE = 30  # seconds


def count_primes(low, high):
    """Counts the primes from low up to, but without, high, by trial division."""
    found = 0
    for n in range(max(low, 2), high):
        d = 2
        while d * d <= n and n % d:
            d += 1
        found += d * d > n
    return found


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
    except (ValueError, KeyError, TypeError):
        return await task.term()  # nobody could do it
    heartbeats = asyncio.create_task(send_heartbeats(task))
    try:  # in a thread, so that the loop is free for heartbeats
        primes = await asyncio.to_thread(count_primes, low, high)
        # First store the result, under the task's identity, then acknowledge.
        same = {"Nats-Msg-Id": task.headers["Nats-Msg-Id"]}
        await js.publish("results", str(primes).encode(), headers=same)
        await task.ack_sync()
    except Exception:
        logging.exception("this task is given out again in a while")
        await task.nak(delay=LEASE)
    finally:
        heartbeats.cancel()


async def main():
    stop = asyncio.Event()  # SIGTERM: finish this task, and take no other
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    connection = await nats.connect("nats://localhost:4222", max_reconnect_attempts=-1)
    js = connection.jetstream()
    for name, subject in ("TASKS", "tasks"), ("RESULTS", "results"):
        await js.add_stream(name=name, subjects=[subject], retention="workqueue")
    await js.add_consumer("TASKS", durable_name="workers", ack_wait=LEASE, max_deliver=5)
    tasks = await js.pull_subscribe_bind("workers", stream="TASKS")
    while not stop.is_set():
        try:
            [task] = await tasks.fetch(1, timeout=5)
            await work(task, js)
        except nats.errors.TimeoutError:
            pass  # nothing to do
        except nats.errors.Error:
            logging.exception("trying again")
            await asyncio.sleep(1)
    await connection.drain()


if __name__ == "__main__":
    asyncio.run(main())
