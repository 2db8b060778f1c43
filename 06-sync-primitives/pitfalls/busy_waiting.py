"""Two guests wait for the kettle: one keeps asking, one listens."""
import threading


def poll(boils):
    while not boils.is_set():  # not yet: ask again
        pass


def wait(boils):
    boils.wait()  # sleep until the kettle whistles


def serve(guest, seconds):
    boils = threading.Event()
    kettle = threading.Timer(seconds, boils.set)
    kettle.start()
    guest(boils)
    kettle.join()


def main():
    serve(poll, 0.01)
    print("polled: the tea is served")
    serve(wait, 0.01)
    print("waited: the tea is served")


if __name__ == "__main__":
    main()
