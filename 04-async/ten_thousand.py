"""Twenty guests sit down and say nothing, until one of them does."""
import asyncio

GUESTS = 20


async def echo(reader, writer):
    while message := await reader.read(512):
        writer.write(message)
        await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    guests = [await asyncio.open_connection(*address) for _ in range(GUESTS)]

    reader, writer = guests[-1]
    writer.write(b"soup")
    answer = await reader.readexactly(4)
    print("the last of", len(guests), "guests hears:", answer.decode())

    for reader, writer in guests:
        writer.write_eof()
        await reader.read()  # until the server has hung up as well
        writer.close()
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
