"""Three clerks send an order each, and main waits before it counts."""
import threading

sent = []
desk = threading.Lock()  # guards sent


def send(order):
    with desk:
        sent.append(order)


def main():
    clerks = []
    with desk:  # so that no clerk is quick enough
        for order in ["soup", "rice", "cake"]:
            clerks.append(threading.Thread(target=send, args=(order,)))
            clerks[-1].start()
    for clerk in clerks:
        clerk.join()
    print(len(sent), "of 3 orders sent")


if __name__ == "__main__":
    main()
