"""The tasks that chapter 05 gives to each model, as Go describes them."""
import socket
import time

from workload import count_primes


def run(task):
    """Computes, or asks a server; returns when it was done."""
    if not task["Requests"]:
        count_primes(0, task["Primes"])
        return time.perf_counter()
    with socket.socket() as connection:
        connection.connect(address(task))
        for _ in range(task["Requests"]):
            connection.sendall(bytes([task["Wait"]]))
            if len(connection.recv(1)) != 1:
                raise ConnectionError("the server has gone")
    return time.perf_counter()


async def run_async(task):
    """Does the same as a coroutine."""
    if not task["Requests"]:
        return run(task)
    import asyncio  # here, as it takes its time, and workers import this file

    loop = asyncio.get_running_loop()
    with socket.socket() as connection:
        connection.setblocking(False)
        await loop.sock_connect(connection, address(task))
        for _ in range(task["Requests"]):
            await loop.sock_sendall(connection, bytes([task["Wait"]]))
            if len(await loop.sock_recv(connection, 1)) != 1:
                raise ConnectionError("the server has gone")
    return time.perf_counter()


def address(task):
    host, port = task["Server"].rsplit(":", 1)
    return host, int(port)
