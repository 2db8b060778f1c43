"""An event loop in thirty lines, and two coroutines that it runs."""
import heapq
import selectors
import socket
import time
import types


def run(*coroutines):
    ready = list(coroutines)  # those that can go on
    timers = []  # those that wait for the clock: (when, number, coroutine)
    sockets = selectors.DefaultSelector()  # those that wait for a socket
    while ready or timers or sockets.get_map():
        patience = None  # as long as it takes
        if ready:
            patience = 0
        elif timers:
            patience = max(timers[0][0] - time.monotonic(), 0)
        for key, _ in sockets.select(patience):  # waits for all at once
            sockets.unregister(key.fileobj)
            ready.append(key.data)
        while timers and timers[0][0] <= time.monotonic():
            ready.append(heapq.heappop(timers)[2])
        turn, ready = ready, []
        for coroutine in turn:
            try:
                reason = coroutine.send(None)  # goes on to its next pause
            except StopIteration:
                continue  # it has returned
            if isinstance(reason, socket.socket):
                sockets.register(reason, selectors.EVENT_READ, coroutine)
            else:
                when = time.monotonic() + reason
                heapq.heappush(timers, (when, id(coroutine), coroutine))


@types.coroutine
def pause(reason):
    yield reason  # up through every await, to the loop


async def waiter(table):
    print("the waiter waits for a socket")
    await pause(table)
    print("the waiter hears:", table.recv(4).decode())


async def guest(table):
    print("the guest waits for the clock")
    await pause(0.01)
    print("the guest orders")
    table.send(b"soup")


if __name__ == "__main__":
    ours, theirs = socket.socketpair()
    with ours, theirs:
        run(waiter(ours), guest(theirs))
