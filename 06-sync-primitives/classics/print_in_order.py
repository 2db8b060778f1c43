"""Three threads start in the wrong order, and act in the right one."""
import threading


def main():
    laid, served = threading.Event(), threading.Event()

    def clear():
        served.wait()
        print("clear the table")

    def serve():
        laid.wait()
        print("serve the soup")
        served.set()

    def lay():
        print("lay the table")
        laid.set()

    threads = [threading.Thread(target=act) for act in (clear, serve, lay)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
