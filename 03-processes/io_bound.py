"""Four threads wait for the same site, and then four processes."""
import multiprocessing
import socket
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from http.client import HTTPConnection

WORKERS = 4


def fetch(host, port, times):
    """Makes requests one after another; returns how many were answered."""
    site = HTTPConnection(host, port)
    for _ in range(times):
        site.request("GET", "/")
        assert site.getresponse().read() == b"ok"
    site.close()
    return times


def fetch_in(executor, workers, host, port, each):
    with executor(workers) as pool:
        jobs = [pool.submit(fetch, host, port, each) for _ in range(workers)]
        return sum(job.result() for job in jobs)


def answer_together(listener):
    """A site that answers nobody until four are waiting."""
    while True:
        waiting = [listener.accept()[0] for _ in range(WORKERS)]
        for connection in waiting:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            connection.close()


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    host, port = listener.getsockname()
    site = multiprocessing.Process(target=answer_together, args=(listener,))
    site.start()
    answers = fetch_in(ThreadPoolExecutor, WORKERS, host, port, 1)
    print("in one process: ", answers, "waited at the same time")
    answers = fetch_in(ProcessPoolExecutor, WORKERS, host, port, 1)
    print("in four of them:", answers, "waited at the same time")
    site.terminate()


if __name__ == "__main__":
    main()
