"""Four threads wait for the same site, and then four processes."""
import multiprocessing
import socket
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection


def fetch(port):
    with closing(HTTPConnection("127.0.0.1", port)) as site:
        site.request("GET", "/")
        return site.getresponse().read()


def fetch_in(executor, port, times):
    with executor(times) as pool:
        return len(list(pool.map(fetch, [port] * times)))


def answer_together(listener, guests):
    """A site that answers nobody until all its guests are waiting."""
    while True:
        waiting = [listener.accept()[0] for _ in range(guests)]
        for connection in waiting:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            connection.close()


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    site = multiprocessing.Process(target=answer_together, args=(listener, 4))
    site.start()
    print("in one process: ", fetch_in(ThreadPoolExecutor, port, 4), "waited at the same time")
    print("in four of them:", fetch_in(ProcessPoolExecutor, port, 4), "waited at the same time")
    site.terminate()
    listener.close()


if __name__ == "__main__":
    main()
