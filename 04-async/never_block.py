# Needs Python 3.9 or later.
"""A cook blocks his thread. Can the bell ring meanwhile?"""
import asyncio
import threading

PATIENCE = 0.05


def knead(bell, patience):
    """Blocks its thread until the bell has rung, or patience is over."""
    return "rang" if bell.wait(patience) else "was silent"


async def ring(bell):
    bell.set()


async def main():
    bell = threading.Event()
    ringing = asyncio.create_task(ring(bell))  # rings as soon as it can run
    print("in a coroutine: the bell", knead(bell, PATIENCE))
    await ringing

    bell = threading.Event()
    ringing = asyncio.create_task(ring(bell))
    print("in a thread: the bell", await asyncio.to_thread(knead, bell, 60))
    await ringing


if __name__ == "__main__":
    asyncio.run(main())
