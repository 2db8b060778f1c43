"""Wait for your threads, and get their errors back."""
from concurrent.futures import ThreadPoolExecutor


def boil_soup():
    return "ready"


def bake_cake():
    raise RuntimeError("fire in the kitchen")


def main():
    with ThreadPoolExecutor() as pool:  # waits for both at its end
        soup = pool.submit(boil_soup)
        cake = pool.submit(bake_cake)
    print("both have ended")
    print("soup:", soup.result())
    try:
        cake.result()  # raises what was raised in the thread
    except RuntimeError as error:
        print("cake:", error)


if __name__ == "__main__":
    main()
