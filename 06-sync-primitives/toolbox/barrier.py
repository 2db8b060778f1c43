"""Three cooks serve each course together, until one loses patience."""
import threading


def main():
    served = []

    def serve():  # called by the last to arrive, before any of them goes on
        served.append("a course")
        print("course", len(served), "is served")

    table = threading.Barrier(3, action=serve, timeout=10)  # for each wait

    def cook():
        table.wait()
        table.wait()

    cooks = [threading.Thread(target=cook) for _ in range(3)]
    for thread in cooks:
        thread.start()
    for thread in cooks:
        thread.join()

    for who in "one alone, in vain", "the next one":
        try:
            table.wait(timeout=0.01)
        except threading.BrokenBarrierError:
            print(who + ": broken")


if __name__ == "__main__":
    main()
