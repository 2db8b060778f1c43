"""Ten threads wait for the same site at the same time."""
import threading
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WORKERS, EACH = 10, 4
ten_are_waiting = threading.Barrier(WORKERS)


class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept

    def do_GET(self):
        ten_are_waiting.wait(timeout=10)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *args):
        pass


def fetch(host, port, times):
    """Makes requests one after another; returns how many were answered."""
    site = HTTPConnection(host, port, timeout=10)
    for _ in range(times):
        site.request("GET", "/")
        if site.getresponse().read() != b"ok":
            raise ConnectionError("the site gave another answer")
    site.close()
    return times


def fetch_in_threads(host, port, workers, each):
    with ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(lambda _: fetch(host, port, each), range(workers)))


def main():
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            answers = fetch_in_threads(*server.server_address, WORKERS, EACH)
        finally:
            server.shutdown()
    print(answers, "answers,", WORKERS, "at a time")


if __name__ == "__main__":
    main()
