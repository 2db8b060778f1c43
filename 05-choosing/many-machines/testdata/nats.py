"""A stand-in for nats-py: what our programs use of it. It talks to a real server."""
import asyncio
import itertools
import json
import sys
import types

import server  # the address of one


class errors:
    class Error(Exception):
        pass

    class TimeoutError(Error, asyncio.TimeoutError):
        pass


sys.modules["nats.errors"] = errors  # for import nats.errors
ills = {}  # raised, one by one, by requests whose subject begins so
NANO = 10**9


class Msg:
    def __init__(self, connection, reply, headers, data):
        self.connection, self.reply, self.headers, self.data = connection, reply, headers, data
        words = reply.split(".")
        if words[:2] == ["$JS", "ACK"]:
            self.metadata = types.SimpleNamespace(num_delivered=int(words[4 if len(words) == 9 else 6]))

    async def ack(self):
        self.connection.send(self.reply, b"+ACK")

    async def ack_sync(self, timeout=1.0):
        await self.connection.request(self.reply, b"+ACK", timeout)

    async def nak(self, delay=None):
        self.connection.send(self.reply, b"-NAK" + (b' {"delay": %d}' % (delay * NANO) if delay else b""))

    async def term(self):
        self.connection.send(self.reply, b"+TERM")

    async def in_progress(self):
        self.connection.send(self.reply, b"+WPI")


class Connection:
    async def open(self):
        self.reader, self.writer = await asyncio.open_connection(*server.ADDRESS)
        self.asked, self.numbers = {}, itertools.count(1)  # what is asked, by the number of its subscription
        self.writer.write(b'CONNECT {"verbose": false, "headers": true, "no_responders": true}\r\n')
        self.reading = asyncio.create_task(self.read())

    async def read(self):
        while line := await self.reader.readline():
            kind, *words = line.decode().split()
            if kind == "PING":
                self.writer.write(b"PONG\r\n")
            elif kind in ("MSG", "HMSG"):
                text = (await self.reader.readexactly(int(words.pop()) + 2))[:-2]
                head = int(words.pop()) if kind == "HMSG" else 0
                pairs = [line.split(": ", 1) for line in text[:head].decode().split("\r\n") if ": " in line]
                status = text[:head].split(b"\r\n")[0].split()[1:]
                answer = self.asked.pop(int(words[1]), None)
                if answer and status:
                    answer.set_exception(errors.TimeoutError() if status[0] in (b"404", b"408") else errors.Error(status))
                elif answer:
                    answer.set_result(Msg(self, words[2] if len(words) > 2 else "", dict(pairs) or None, text[head:]))

    def send(self, subject, payload, headers=None, reply=""):
        head = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        head = f"NATS/1.0\r\n{head}\r\n".encode() if head else b""
        sizes = f"{len(head)} {len(head) + len(payload)}" if head else f"{len(payload)}"
        self.writer.write(f"{'H' if head else ''}PUB {subject} {reply} {sizes}\r\n".encode() + head + payload + b"\r\n")

    async def request(self, subject, payload, timeout=5, headers=None):
        for start, some in ills.items():
            if subject.startswith(start) and some:
                raise some.pop()
        number = next(self.numbers)
        reply = f"_INBOX.{id(self)}.{number}"
        self.writer.write(f"SUB {reply} {number}\r\nUNSUB {number} 1\r\n".encode())
        answer = self.asked[number] = asyncio.get_running_loop().create_future()
        self.send(subject, payload, headers, reply)
        try:
            return await asyncio.wait_for(answer, timeout)
        except asyncio.TimeoutError:
            raise errors.TimeoutError

    def jetstream(self):
        return JetStream(self)

    async def drain(self):
        await self.writer.drain()
        self.reading.cancel()
        self.writer.close()


class JetStream:
    def __init__(self, connection):
        self.connection = connection

    async def api(self, subject, payload=None):
        return self.checked(await self.connection.request("$JS.API." + subject, json.dumps(payload or {}).encode()))

    def checked(self, answer):
        answer = json.loads(answer.data)
        if "error" in answer:
            raise errors.Error(answer["error"])
        return answer

    async def add_stream(self, **config):
        await self.api("STREAM.CREATE." + config["name"], config)

    async def add_consumer(self, stream, *, durable_name, ack_wait=30, **config):
        config.update(durable_name=durable_name, ack_wait=ack_wait * NANO, ack_policy="explicit")
        await self.api(f"CONSUMER.DURABLE.CREATE.{stream}.{durable_name}", {"stream_name": stream, "config": config})

    async def publish(self, subject, payload, headers=None):
        return self.checked(await self.connection.request(subject, payload, headers=headers))

    async def pull_subscribe(self, subject, durable, stream):
        await self.add_consumer(stream, durable_name=durable, filter_subject=subject)
        return Pull(self.connection, stream, durable)

    async def pull_subscribe_bind(self, consumer, stream):
        return Pull(self.connection, stream, consumer)


class Pull:
    def __init__(self, connection, stream, consumer):
        self.connection, self.subject = connection, f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"

    async def fetch(self, batch, timeout):
        ask = json.dumps({"batch": batch, "expires": timeout * NANO}).encode()
        return [await self.connection.request(self.subject, ask, timeout + 1)]


async def connect(url, max_reconnect_attempts=60):
    connection = Connection()
    await connection.open()
    return connection
