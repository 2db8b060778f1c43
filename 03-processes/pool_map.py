"""A pool keeps the order of the values, and brings back errors."""
import multiprocessing


def share_kettle(cooks):
    """Returns how many ml of a full kettle each cook gets."""
    if cooks < 0:
        raise ValueError(f"there are no {cooks} cooks")
    return 1500 // cooks


def main():
    with multiprocessing.Pool(2) as pool:
        print("each gets", *pool.map(share_kettle, [1, 2, 3, 4]))
        try:
            pool.map(share_kettle, [1, 2, -3, 4])
        except ValueError as error:
            print("the worker says:", error)
        print("and goes on:", *pool.map(share_kettle, [5]))


if __name__ == "__main__":
    main()
