"""The kettle whistles before the guest listens, but the guest looks first."""
import faulthandler
import threading

boils = False
whistle = threading.Condition()  # its lock guards boils


def boil():
    global boils
    with whistle:
        boils = True
        whistle.notify()


def main():
    faulthandler.dump_traceback_later(2, exit=True)  # if it hangs, say where
    kettle = threading.Thread(target=boil)
    kettle.start()
    kettle.join()  # the guest comes late
    with whistle:
        while not boils:
            whistle.wait()
    print("the tea is served")


if __name__ == "__main__":
    main()
