"""A smoker needs two things at once, and each is signalled alone."""
import threading

THINGS = ["tobacco", "paper", "matches"]


def main():
    on_tray = {thing: threading.Semaphore(0) for thing in THINGS}
    can_smoke = {thing: threading.Semaphore(0) for thing in THINGS}
    smoked = threading.Semaphore(0)
    lock, lies_there = threading.Lock(), set()

    def help_with(thing):
        """Notes what lies there, and calls the one who lacks just that."""
        while True:
            on_tray[thing].acquire()
            with lock:
                lies_there.add(thing)
                if len(lies_there) == 2:
                    (missing,) = set(THINGS) - lies_there
                    lies_there.clear()
                    can_smoke[missing].release()

    def smoke(mine):
        while True:
            can_smoke[mine].acquire()
            print("smokes: the one with", mine)
            smoked.release()

    for thing in THINGS:
        threading.Thread(target=help_with, args=(thing,), daemon=True).start()
        threading.Thread(target=smoke, args=(thing,), daemon=True).start()
    for first, second in ("paper", "matches"), ("matches", "tobacco"), ("tobacco", "paper"):
        print("on the tray:", first, "and", second)
        on_tray[first].release()
        on_tray[second].release()
        smoked.acquire()


if __name__ == "__main__":
    main()
