"""Gives out 16 shares, and adds up what comes back."""
import asyncio
import json

import nats


async def main():
    connection = await nats.connect("nats://localhost:4222")
    js = connection.jetstream()
    for low in range(0, 200_000, 12_500):
        share = json.dumps({"Low": low, "High": low + 12_500}).encode()
        # The identity says what is asked for, not when.
        await js.publish("tasks", share, headers={"Nats-Msg-Id": f"primes from {low}"})
    results = await js.pull_subscribe("results", durable="sender", stream="RESULTS")
    primes = 0
    for _ in range(16):
        [result] = await results.fetch(1, timeout=60)
        primes += int(result.data)
        await result.ack()
    print(primes, "primes")
    await connection.drain()


if __name__ == "__main__":
    asyncio.run(main())
