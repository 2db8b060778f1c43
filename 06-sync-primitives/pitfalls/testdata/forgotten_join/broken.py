"""Three clerks send an order each, and main counts what was sent."""
import threading

sent = []
desk = threading.Lock()  # guards sent


def send(order):
    with desk:
        sent.append(order)


def main():
    with desk:  # so that no clerk is quick enough
        for order in ["soup", "rice", "cake"]:
            threading.Thread(target=send, args=(order,)).start()
        print(len(sent), "of 3 orders sent")


if __name__ == "__main__":
    main()
