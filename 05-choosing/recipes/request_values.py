"""Two requests are under way, and each line of the log says whose it is."""
import asyncio
import logging
import sys
from contextvars import ContextVar

request_id = ContextVar("request_id", default="-")


class RequestId(logging.Filter):
    def filter(self, record):  # is called for each line
        record.request_id = request_id.get()
        return True


def set_up_logging():  # once, when the program starts
    handler = logging.StreamHandler(sys.stdout)
    handler.addFilter(RequestId())
    logging.basicConfig(format="[%(request_id)s] %(message)s",
                        level="INFO", handlers=[handler])


async def handle(number):
    token = request_id.set(number)  # for this task, and what it starts
    try:
        logging.info("begins")
        await asyncio.sleep(0)  # now the other request runs
        logging.info("ends")  # in any function: nothing is passed on
    finally:
        request_id.reset(token)  # a thread of a pool serves the next request, too


async def main():
    await asyncio.gather(handle(7), handle(8))
    logging.info("outside")


if __name__ == "__main__":
    set_up_logging()
    asyncio.run(main())
