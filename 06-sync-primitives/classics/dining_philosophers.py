"""Five philosophers with a fork between each two of them."""
import threading

SEATS = range(5)


def dine(philosopher):
    """Lets a thread for each philosopher do this."""
    threads = [threading.Thread(target=philosopher, args=(seat,)) for seat in SEATS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def left_first():
    forks, stuck = [threading.Lock() for _ in SEATS], []
    all_have_one, all_have_tried = threading.Barrier(5), threading.Barrier(5)

    def philosopher(seat):
        with forks[seat]:
            all_have_one.wait()
            if not forks[(seat + 1) % 5].acquire(blocking=False):
                stuck.append(seat)  # without that argument, forever
            all_have_tried.wait()

    dine(philosopher)
    return len(stuck)


def lower_number_first():
    forks, meals = [threading.Lock() for _ in SEATS], []

    def philosopher(seat):
        low, high = sorted([seat, (seat + 1) % 5])
        for _ in range(3):
            with forks[low], forks[high]:
                meals.append(seat)

    dine(philosopher)
    return [meals.count(seat) for seat in SEATS]


if __name__ == "__main__":
    print("left fork first: stuck,", left_first(), "of 5")
    print("lower number first: meals,", *lower_number_first())
