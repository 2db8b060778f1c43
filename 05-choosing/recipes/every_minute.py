# Needs Python 3.11 or later.
"""A job is due again and again, and one of its runs fails."""
import asyncio
import logging


async def every(seconds, job):
    """Runs the job at even intervals, one run at a time. What's missed is left out."""
    now = asyncio.get_running_loop().time
    due = now()
    while True:
        try:
            await job()
        except Exception as error:  # or it would never run again
            logging.warning("this run failed: %s", error)  # at work: .exception()
        missed = max(0, (now() - due) // seconds)  # a timer may be a bit early
        due += (missed + 1) * seconds  # not now() + seconds: that drifts
        await asyncio.sleep(due - now())


async def main():
    runs, three_runs = 0, asyncio.Event()

    async def job():
        nonlocal runs
        runs += 1
        print("run", runs)
        if runs == 2:
            raise ConnectionError("no network")
        if runs == 3:
            three_runs.set()

    async with asyncio.TaskGroup() as group:
        jobs = group.create_task(every(0.01, job))  # yours: 60
        await three_runs.wait()
        jobs.cancel()
    print("stopped")


if __name__ == "__main__":
    asyncio.run(main())
