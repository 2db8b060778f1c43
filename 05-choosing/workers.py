"""How many workers? As many as keep the CPUs busy."""


def workers(cpus, cpu, wait):
    """Returns how many, if a task computes for so long and waits for so long."""
    return cpus * (1 + wait / cpu)


def main():
    print(f"computes for 5 ms, on 2 CPUs:     {workers(2, 5, 0):2.0f} workers")
    print(f"... and waits for 80 ms:          {workers(2, 5, 80):2.0f} workers")
    print(f"... in threads that share a GIL:  {workers(1, 5, 80):2.0f} workers")


if __name__ == "__main__":
    main()
