"""A server is down twice. Then it refuses the password, and then it stays down."""
import random
import time


def retry(call, seconds, retry_on=(ConnectionError, TimeoutError), pause=0.1, longest=5.0):
    """Calls until it succeeds. After that time, it doesn't try again."""
    end = time.monotonic() + seconds
    while True:
        try:
            return call()  # give it a timeout of its own
        except retry_on as error:  # what may get better by itself
            wait = random.uniform(0, pause) + getattr(error, "retry_after", 0)
            if time.monotonic() + wait >= end:
                raise
        pause = min(2 * pause, longest)
        time.sleep(wait)


def main():
    down = ConnectionError("unavailable")
    answers = iter([down, down, "ok", ValueError("wrong password")])

    def ask():
        answer = next(answers, down)
        if isinstance(answer, Exception):
            raise answer
        return answer

    for seconds in 60, 60, 0.1:
        try:
            print("answer:", retry(ask, seconds))
        except (ConnectionError, ValueError) as error:
            print("failed:", error)


if __name__ == "__main__":
    main()
