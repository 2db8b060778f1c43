# Needs Python 3.11 or later.
"""Three waits that would last forever, and one deadline for all of them."""
import asyncio
import socket


async def main():
    orders, stove = asyncio.Queue(), asyncio.Lock()
    await stove.acquire()  # it's taken
    with socket.create_server(("127.0.0.1", 0)) as site:  # which never answers
        answer, connection = await asyncio.open_connection(*site.getsockname())

        deadline = asyncio.get_running_loop().time() + 0.01
        for name, wait in ("an order", orders.get), ("a stove", stove.acquire), ("an answer", answer.read):
            try:
                async with asyncio.timeout_at(deadline):
                    await wait()
            except TimeoutError:
                print(name + ": given up")
        connection.close()
        await connection.wait_closed()


if __name__ == "__main__":
    asyncio.run(main())
