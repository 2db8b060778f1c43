# Needs Python 3.9 or later.
"""A library blocks, and the event loop goes on."""
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

connections = ThreadPoolExecutor(max_workers=5)  # so many calls at once, no more
loop_went_on = threading.Event()


def query(text):
    """Stands for a driver that knows nothing of asyncio."""
    loop_went_on.wait()
    return f"rows of {text}"


async def main():
    loop = asyncio.get_running_loop()
    rows = loop.run_in_executor(connections, query, "orders")
    await asyncio.sleep(0)
    print("the loop goes on")
    loop_went_on.set()
    print(await rows)
    # If nothing has to be limited, this is enough:
    print(await asyncio.to_thread(query, "guests"))


if __name__ == "__main__":
    asyncio.run(main())
    connections.shutdown()
