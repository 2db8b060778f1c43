"""The configuration is replaced while a request is under way."""
import threading
from dataclasses import dataclass


@dataclass(frozen=True)  # never changed, only replaced
class Config:
    host: str
    password: str


config = Config("old-db", "old secret")


def request(connected=lambda: None):
    now = config  # once: this request keeps to it
    host = now.host
    connected()
    return f"{host} with the {now.password}"


def main():
    global config
    has_host, is_replaced = threading.Event(), threading.Event()

    def meanwhile():
        has_host.set()
        is_replaced.wait()

    slow = threading.Thread(target=lambda: print("under way:", request(meanwhile)))
    slow.start()
    has_host.wait()
    config = Config("new-db", "new secret")  # all of it, in one step
    is_replaced.set()
    slow.join()
    print("the next:", request())


if __name__ == "__main__":
    main()
