"""How many workers? Two old laws, and what follows from them."""


def little(rate, stay):
    """Little's law: so many are there at once."""
    return rate * stay


def workers(cpus, computes, waits):
    """Follows from it: so many tasks at once keep the CPUs busy."""
    return cpus * (1 + waits / computes)


def amdahl(alone, n):
    """Amdahl's law: n are so many times as fast as one."""
    return 1 / (alone + (1 - alone) / n)


def main():
    print("20 requests come a second, and each takes half a second:")
    print(f"  {little(20, 0.5):.0f} are there at once")
    for waits in 0, 80:
        print(f"a task computes for 5 ms and waits for {waits} ms; 2 CPUs:")
        print(f"  {workers(2, 5, waits):.0f} workers")
    for n in 10, 100:
        print(f"a tenth of the work is for one alone; {n} workers:")
        print(f"  {amdahl(0.1, n):.1f} times as fast as one")


if __name__ == "__main__":
    main()
