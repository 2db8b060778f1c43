"""A server that answers at once, beside a thread that computes."""
import socket
import statistics
import subprocess
import sys
import threading
import time


def answer(listener):
    connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        while message := connection.recv(64):
            connection.sendall(message)


def compute(stop):
    while not stop.is_set():
        for _ in range(1000):
            pass


def ping(port, times):
    """The client, in a process of its own: it doesn't need the server's lock."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for _ in range(times):
            start = time.perf_counter()
            connection.sendall(b"ping")
            connection.recv(64)
            print(time.perf_counter() - start)
            time.sleep(0.01)  # for the server to wait again


def main():
    for computing in (0, 1):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            stop = threading.Event()
            threads = [threading.Thread(target=answer, args=(listener,))]
            threads += [threading.Thread(target=compute, args=(stop,)) for _ in range(computing)]
            for thread in threads:
                thread.start()
            port = str(listener.getsockname()[1])
            client = subprocess.run([sys.executable, __file__, port], capture_output=True, text=True)
            stop.set()
            for thread in threads:
                thread.join()
        took = [float(line) for line in client.stdout.split()]
        print(len(took), "pings answered, beside", computing, "that compute")
        print(f"    {1000 * statistics.median(took):.2f} ms each", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        ping(int(sys.argv[1]), 20)
    else:
        main()
