"""The kettle whistles before the guest listens."""
import faulthandler
import threading

whistle = threading.Condition()


def boil():
    with whistle:
        whistle.notify()


def main():
    faulthandler.dump_traceback_later(2, exit=True)  # if it hangs, say where
    kettle = threading.Thread(target=boil)
    kettle.start()
    kettle.join()  # the guest comes late
    with whistle:
        whistle.wait()
    print("the tea is served")


if __name__ == "__main__":
    main()
