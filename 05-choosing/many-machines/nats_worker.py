"""A worker of the same queue: pip install nats-py, and a server."""
import asyncio
import json

import nats
from nats.errors import TimeoutError

LEASE = 30  # seconds, as the queue has it


def count_primes(low, high):
    """Counts the primes from low up to, but without, high, by trial division."""
    found = 0
    for n in range(max(low, 2), high):
        d = 2
        while d * d <= n and n % d:
            d += 1
        found += d * d > n
    return found


async def say_so(task):
    while True:  # the lease begins anew each time
        await asyncio.sleep(LEASE / 3)
        await task.in_progress()


async def work(task, js):
    share = json.loads(task.data)
    saying_so = asyncio.create_task(say_so(task))
    try:  # in a thread, so that the loop can say so meanwhile
        primes = await asyncio.to_thread(count_primes, share["Low"], share["High"])
    finally:
        saying_so.cancel()
    # First store the result, under the task's identity, then acknowledge.
    same = {"Nats-Msg-Id": task.headers["Nats-Msg-Id"]}
    await js.publish("results", str(primes).encode(), headers=same)
    await task.ack_sync()


async def main():
    connection = await nats.connect("nats://localhost:4222")
    js = connection.jetstream()
    tasks = await js.pull_subscribe_bind("workers", stream="TASKS")
    while True:
        try:
            [task] = await tasks.fetch(1, timeout=5)
        except TimeoutError:
            continue  # nothing to do
        await work(task, js)


if __name__ == "__main__":
    asyncio.run(main())
