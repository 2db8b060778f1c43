# Needs Python 3.11 or later, on Linux or macOS.
"""Jobs come without end, and three are worked on at a time. SIGTERM ends it cleanly."""
import asyncio
import logging
import os
import signal


async def process_all(jobs, handle, at_once=3):
    """Handles what comes. When it's cancelled, it finishes the jobs at hand."""
    slots, at_hand = asyncio.Semaphore(at_once), set()

    async def process(job):
        try:
            await handle(job)
        except Exception:  # one broken job doesn't end the rest
            logging.exception("job %s failed", job)
        finally:
            slots.release()

    try:
        while True:
            await slots.acquire()  # waits while so many are at work
            task = asyncio.create_task(process(await jobs.get()))
            at_hand.add(task)
            task.add_done_callback(at_hand.discard)
    finally:
        await asyncio.gather(*at_hand)


async def bring(jobs):  # put what brings your jobs here
    for job in 1, 2, 3, 4, 5:
        await jobs.put(job)  # waits while the queue is full


async def handle(job):
    if job == 3:
        os.kill(os.getpid(), signal.SIGTERM)  # demo only: delete
    await asyncio.sleep(0.05)  # put your work here
    print(f"job {job} is done")


async def main():
    loop, jobs = asyncio.get_running_loop(), asyncio.Queue(maxsize=10)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(bring(jobs)), group.create_task(process_all(jobs, handle))]
        for number in signal.SIGINT, signal.SIGTERM:  # Ctrl-C, and kill
            loop.add_signal_handler(number, lambda: [task.cancel() for task in tasks])
    print(jobs.qsize(), "jobs are left in the queue")


if __name__ == "__main__":
    asyncio.run(main())
