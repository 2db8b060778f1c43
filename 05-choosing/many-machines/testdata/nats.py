"""A stand-in for nats-py: a server in memory, with the methods that our programs use."""
import asyncio
import sys
import types


class errors:
    class Error(Exception):
        pass

    class TimeoutError(Error, asyncio.TimeoutError):
        pass


sys.modules["nats.errors"] = errors  # for import nats.errors

said = []  # what the programs have said to it, heartbeats left out
ills = []  # raised, one by one, instead of the next answers
queue = []  # what fetch returns, or awaits, or raises


def answer(*words):
    if ills:
        raise ills.pop(0)
    said.append(" ".join(map(str, words)))


class Msg:
    def __init__(self, data, headers=None, num_delivered=1):
        self.data, self.headers = data, headers
        self.metadata = types.SimpleNamespace(num_delivered=num_delivered)

    async def ack(self):
        said.append("ack")

    async def ack_sync(self, timeout=1.0):
        answer("ack, answered")

    async def nak(self, delay=None):
        said.append(f"nak, delay {delay}")

    async def term(self):
        said.append("term")

    async def in_progress(self):
        pass


class JetStream:
    async def add_stream(self, *, name, subjects, retention):
        said.append(f"stream {name}")

    async def add_consumer(self, stream, *, durable_name, ack_wait, max_deliver):
        said.append(f"consumer {durable_name} of {stream}")

    async def publish(self, subject, payload, headers=None):
        answer("publish", subject, payload.decode(), headers or "")

    async def pull_subscribe_bind(self, consumer, stream):
        return self

    async def pull_subscribe(self, subject, durable, stream):
        return self

    async def fetch(self, batch, timeout):
        step = queue.pop(0)
        if isinstance(step, Exception):
            raise step
        return await step() if callable(step) else step


class Connection:
    def jetstream(self):
        return JetStream()

    async def drain(self):
        said.append("drain")


async def connect(url, max_reconnect_attempts=60):
    return Connection()
