"""Two atoms of hydrogen and one of oxygen bond, and then the next three."""
import threading


def main():
    places = {"H": threading.Semaphore(2), "O": threading.Semaphore(1)}
    three = threading.Barrier(3)
    bonded, lock = [], threading.Lock()

    def atom(kind):
        with places[kind]:  # two H and one O get in,
            three.wait()    # and go on together
            with lock:
                bonded.append(kind)

    threads = [threading.Thread(target=atom, args=(kind,)) for kind in "OOOOHHHHHHHH"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    molecules = [sorted(bonded[i:i + 3]) for i in range(0, 12, 3)]
    print(*["".join(molecule) for molecule in molecules])


if __name__ == "__main__":
    main()
