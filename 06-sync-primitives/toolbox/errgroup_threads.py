"""Three threads ask; one fails, and the others stop."""
import threading
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait


def ask(shop, stop):
    if shop == "B":
        raise ConnectionError("shop B doesn't answer")
    return "stopped" if stop.wait(timeout=60) else "answered"  # for time.sleep(60)


def main():
    stop = threading.Event()
    with ThreadPoolExecutor() as pool:
        asked = {shop: pool.submit(ask, shop, stop) for shop in "ABC"}
        wait(asked.values(), return_when=FIRST_EXCEPTION)
        stop.set()
    for shop, answer in asked.items():
        print(f"shop {shop}:", answer.exception() or answer.result())


if __name__ == "__main__":
    main()
