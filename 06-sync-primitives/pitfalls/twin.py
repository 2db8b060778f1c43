"""What the room of pitfalls measures in Python, beside Go.

    PYTHONPATH=internal/python python3 06-sync-primitives/pitfalls/twin.py busy-waiting
"""
import time

from measure import main, report, rounds


def busy_waiting(seconds):
    import busy_waiting as lesson

    for _ in rounds():
        for name, guest in ("polling", lesson.poll), ("waiting", lesson.wait):
            before = time.process_time()
            lesson.serve(guest, seconds)
            report(name, time.process_time() - before)


if __name__ == "__main__":
    main()
