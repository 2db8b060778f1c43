# Needs Python 3.11 or later.
"""What people get wrong in Python, tried on the recipes: python3 recipe_checks.py"""
import asyncio
import contextvars
import dataclasses
import faulthandler
import gc
import io
import itertools
import logging
import multiprocessing
import os
import random
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from unittest import mock

import all_errors
import answer_cache
import answer_cache_in_threads
import as_they_come
import blocking_from_async
import blocking_timeout
import config_swap
import cpu_from_server
import every_minute
import first_error
import graceful_shutdown
import hedged_request
import limited_tasks
import load_once
import keep_newest
import many_downloads
import partial_answers
import pipeline
import process_progress
import rate_limit
import request_values
import retries
import retries_in_threads
import run_program
import run_program_in_asyncio
import shares
import store_batches
import thread_to_loop
import worker_pool
import workers_in_asyncio

logging.disable()
FOLDER = os.path.dirname(os.path.abspath(__file__))


def run_virtually(main):
    """Runs main in virtual time: instead of waiting, the clock jumps."""
    class Clock(selectors.DefaultSelector):
        now = 0.0

        def select(self, timeout=None):
            self.now += timeout or 0
            return super().select(timeout and 0)

    loop = asyncio.SelectorEventLoop(clock := Clock())
    loop.time = lambda: clock.now
    with asyncio.Runner(loop_factory=lambda: loop) as runner, \
            mock.patch("time.monotonic", loop.time):
        return runner.run(main())


class Clock:
    """In the place of the module time: instead of sleeping, the clock jumps."""
    now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class Recipe(unittest.TestCase):
    """No thread and no task is left behind."""

    def setUp(self):
        self.threads = set(threading.enumerate())
        faulthandler.dump_traceback_later(200, exit=True)  # so that what hangs fails, and says where
        self.addCleanup(faulthandler.cancel_dump_traceback_later)

    def tearDown(self):
        left = set(threading.enumerate()) - self.threads
        self.assertEqual(set(), {thread for thread in left if not thread.daemon})

    def kill_after(self, seconds, program):
        """So that a test fails, and doesn't hang."""
        timer = threading.Timer(seconds, program.kill)
        timer.daemon = True
        timer.start()
        self.addCleanup(timer.cancel)

    def signalled(self, program, line, number):
        """Runs it, sends the signal when it has printed the line, and returns its end."""
        with tempfile.TemporaryFile("w+") as complaints, subprocess.Popen(
                [sys.executable, "-B", "-c", program], cwd=FOLDER, text=True,
                stdout=subprocess.PIPE, stderr=complaints) as running:
            self.kill_after(60, running)
            self.assertEqual(line, running.stdout.readline())
            running.send_signal(number)
            printed = line + running.stdout.read()  # to its end
            code = running.wait()
            complaints.seek(0)
            return code, printed, complaints.read()

    def run_async(self, main):
        """Runs it in virtual time, and counts the tasks after."""
        complaints = []

        async def counted():
            asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
            try:
                await main()
            finally:
                left = asyncio.all_tasks() - {asyncio.current_task()}
            self.assertEqual((set(), []), (left, complaints))

        run_virtually(counted)


def now():
    return asyncio.get_running_loop().time()


class ManyAtOnce(Recipe):
    def test_ten_at_a_time_and_no_more(self):
        ten, here, most = threading.Barrier(10), [], []

        def download(url):
            here.append(url)
            ten.wait()
            most.append(len(here))
            ten.wait()
            here.remove(url)
            ten.wait()

        with mock.patch.object(many_downloads, "download", download):
            many_downloads.download_all([str(n) for n in range(40)])
        self.assertEqual([10] * 40, most)

    def test_no_downloads(self):
        self.assertEqual([], many_downloads.download_all([]))

    def test_error_of_a_download_is_raised(self):
        with self.assertRaises(ValueError):
            many_downloads.download_all(["data:,fine", "no address"])

    def test_at_most_so_many_at_a_time(self):
        begun, here, most = [], set(), 0

        async def work(n):
            nonlocal most
            begun.append(n)
            here.add(n)
            most = max(most, len(here))
            try:
                await asyncio.sleep(n)
            finally:
                here.remove(n)
            if n == 3:
                raise ConnectionError
            return n * n

        async def main():
            self.assertEqual([25, 16, 4, 1, 36], await limited_tasks.at_most(3, work, [5, 4, 2, 1, 6]))
            self.assertEqual(3, most)
            begun.clear()
            start = now()
            with self.assertRaises(ExceptionGroup):
                await limited_tasks.at_most(3, work, [5, 4, 3, 2, 1])
            self.assertEqual((set(), 3), (here, now() - start))
            self.assertLessEqual(len(begun), 4)  # the one that got the slot was stopped at its first await
            self.assertEqual([], await limited_tasks.at_most(3, work, []))

        self.run_async(main)

    def test_group_leaves_no_task_and_gather_does(self):
        async def gathered():
            with self.assertRaises(ConnectionError):
                await asyncio.gather(*map(first_error.ask, "ABC"))
            left = asyncio.all_tasks() - {asyncio.current_task()}
            self.assertEqual(2, len(left))
            for task in left:
                task.cancel()
            await asyncio.wait(left)

        with mock.patch("sys.stdout", io.StringIO()):
            self.run_async(first_error.main)
        self.run_async(gathered)

    def test_all_errors_or_none(self):
        same = ConnectionError()

        def check(host):
            if host != 2:
                raise same

        self.assertEqual([(1, same), (3, same)], all_errors.check_all([1, 2, 3], check))
        self.assertEqual([], all_errors.check_all(["web"], all_errors.check))
        self.assertEqual([], all_errors.check_all([], all_errors.check))

    def test_interrupted_checks_are_not_begun(self):
        begun = []

        def check(host):
            begun.append(host)
            if host == 0:
                raise KeyboardInterrupt  # as if it came while the caller waits for this one
            interrupted.wait()

        interrupted = threading.Event()
        threading.Timer(0.05, interrupted.set).start()
        with self.assertRaises(KeyboardInterrupt):
            all_errors.check_all(range(400), check)
        self.assertLess(len(begun), 400)

    def test_check_that_ends_the_program_does_so(self):
        with self.assertRaises(SystemExit):
            all_errors.check_all(["web", "db"], sys.exit)

    def test_loop_that_is_left_early_leaves_no_task(self):
        async def main():
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(as_they_come.named(city)) for city in as_they_come.TURNS]
                for next_one in asyncio.as_completed(tasks):
                    self.assertEqual("Rome", (await next_one)[0])
                    break

        self.run_async(main)

    def test_broken_jobs_end_no_worker(self):
        for error in ValueError, SystemExit:
            broken, done, failed = mock.Mock(side_effect=error), [], []
            worker_pool.process_all(range(1000), broken, done, failed)
            self.assertEqual(([], list(range(1000))), (done, sorted(job for job, _ in failed)))
            self.assertIsInstance(failed[0][1], error)

    def test_no_jobs(self):
        done, failed = [], []
        worker_pool.process_all([], worker_pool.handle, done, failed)
        self.assertEqual(([], []), (done, failed))

    def test_generator_serves_one_thread_at_a_time(self):
        def items():
            for n in range(1000):
                yield n
                time.sleep(0)  # two at once: ValueError

        done, failed = [], []
        worker_pool.process_all(items(), lambda job: None, done, failed)
        self.assertEqual((list(range(1000)), []), (sorted(done), failed))

    def test_jobs_are_not_all_taken_at_once(self):
        taken, most = 0, 0
        done = []

        def items():
            nonlocal taken, most
            for taken in range(1, 101):
                most = max(most, taken - len(done))
                yield taken

        worker_pool.process_all(items(), lambda job: None, done, [])
        self.assertLessEqual(most, 4)

    def test_no_job_begins_when_the_workers_are_to_end(self):
        waiting, go_on, done = threading.Event(), threading.Event(), []

        def items():
            waiting.set()
            go_on.wait()
            yield from range(100)

        def interrupted():
            waiting.wait()
            raise KeyboardInterrupt  # while one worker takes a job, and two wait for their turn

        class Pool(ThreadPoolExecutor):
            def submit(self, *args):
                future = super().submit(*args)
                future.result = interrupted
                return future

            def shutdown(self, **kwargs):
                go_on.set()
                super().shutdown(**kwargs)

        with mock.patch.object(worker_pool, "ThreadPoolExecutor", Pool), self.assertRaises(KeyboardInterrupt):
            worker_pool.process_all(items(), lambda job: None, done, [])
        self.assertEqual([0], done)  # what was taken is finished

    def test_asyncio_workers_finish_the_jobs_at_hand(self):
        begun, done = [], []

        async def handle(job):
            begun.append(job)
            await asyncio.sleep(job)
            if job == 2:
                raise ConnectionError("broken, and it ends nobody")
            done.append(job)

        async def main():
            jobs = asyncio.Queue()
            for job in 1, 2, 3, 4, 5, 6, 7:
                jobs.put_nowait(job)
            worker = asyncio.create_task(workers_in_asyncio.process_all(jobs, handle))
            await asyncio.sleep(2.5)  # 1 and 2 have ended; 3, 4 and 5 are at hand
            worker.cancel()
            await asyncio.wait([worker])
            self.assertEqual(([1, 2, 3, 4, 5], [1, 3, 4, 5], 2), (begun, done, jobs.qsize()))
            self.assertEqual(7, now())

            worker = asyncio.create_task(workers_in_asyncio.process_all(jobs, handle))
            await asyncio.sleep(1)
            for _ in range(2):  # who is in a hurry cancels twice
                worker.cancel()
                await asyncio.sleep(0)
            await asyncio.wait([worker])
            self.assertEqual(8, now())

            idle = asyncio.create_task(workers_in_asyncio.process_all(asyncio.Queue(), handle))
            await asyncio.sleep(1)
            idle.cancel()
            await asyncio.wait([idle])

        self.run_async(main)

    @unittest.skipUnless(hasattr(os, "killpg"), "Unix only")
    def test_source_of_the_jobs_that_fails_ends_all(self):
        async def bring(jobs):
            await jobs.put(1)
            raise ConnectionError

        async def main():
            with mock.patch.object(workers_in_asyncio, "bring", bring), self.assertRaises(ExceptionGroup):
                await workers_in_asyncio.main()

        with mock.patch("sys.stdout", io.StringIO()) as printed:
            asyncio.run(main())
        self.assertEqual("job 1 is done\n", printed.getvalue())

    @unittest.skipUnless(hasattr(os, "killpg"), "Unix only")
    def test_signal_ends_the_asyncio_workers(self):
        """Though the queue is full, and a put() waits."""
        program = ("import asyncio, itertools, workers_in_asyncio as w\n"
                   "async def handle(job):\n"
                   "    print('begun', flush=True)\n"
                   "    await asyncio.sleep(0.3)\n"
                   "    print('done', flush=True)\n"
                   "async def bring(jobs):\n"
                   "    for n in itertools.count(): await jobs.put(n)\n"
                   "w.handle, w.bring = handle, bring\n"
                   "asyncio.run(w.main())")
        for number in signal.SIGTERM, signal.SIGINT:
            code, lines, _ = self.signalled(program, "begun\n", number)
            self.assertEqual((0, 3, 3), (code, lines.count("begun"), lines.count("done")))
            self.assertTrue(lines.endswith("10 jobs are left in the queue\n"), lines)

    def test_pipeline(self):
        opened, uploaded, most = 0, [], 0

        def photos():
            nonlocal opened, most
            while opened < 100:
                opened += 1
                most = max(most, opened - len(uploaded))
                yield opened

        class Up(list):
            def append(self, photo):
                uploaded.append(photo)

        async def main():
            upload = pipeline.upload
            with mock.patch.object(pipeline, "upload", lambda small, up: upload(small, Up())):
                async with asyncio.timeout(3600):  # each upload has to hear of the end
                    await pipeline.main(photos())
                    self.assertEqual((list(range(1, 101)), 6), (uploaded, most))  # so many are open at once
                    await pipeline.main([])

        with mock.patch("sys.stdout", io.StringIO()):
            self.run_async(main)

    def test_error_at_the_end_stops_the_pipeline(self):
        async def upload(small, up):
            await small.get()
            raise ConnectionError

        async def main():
            with self.assertRaises(ExceptionGroup):
                await pipeline.main()

        with mock.patch.object(pipeline, "upload", upload):
            self.run_async(main)

    def test_error_of_the_producer_ends_the_workers(self):
        def items():
            yield 1
            raise OSError

        with self.assertRaises(OSError):
            worker_pool.process_all(items(), lambda job: None, [], [])

    @unittest.skipUnless(hasattr(os, "killpg"), "Unix only")
    def test_signal_ends_the_workers_after_the_jobs_at_hand(self):
        program = ("import time, worker_pool\n"
                   "begun = []\n"
                   "def handle(job):\n"
                   "    begun.append(job)\n"
                   "    time.sleep(0.3)\n"
                   "class Pool(worker_pool.ThreadPoolExecutor):\n"
                   "    def submit(self, *args):\n"
                   "        future = super().submit(*args)\n"
                   "        result = future.result\n"
                   "        def waiting():\n"
                   "            print('all are at work', flush=True)\n"
                   "            while not future.done(): worker_pool.threading.Event().wait(0.1)\n"
                   "            return result()\n"
                   "        future.result = waiting\n"
                   "        return future\n"
                   "worker_pool.ThreadPoolExecutor, worker_pool.handle = Pool, handle\n"
                   "process_all = worker_pool.process_all\n"
                   "worker_pool.process_all = lambda _, *rest: process_all(range(10_000), *rest)\n"
                   "try: worker_pool.main()\n"
                   "finally: print('begun:', len(begun))\n")
        for number, code in (signal.SIGTERM, 143), (signal.SIGINT, -signal.SIGINT):
            ended, lines, _ = self.signalled(program, "all are at work\n", number)
            self.assertEqual(code, ended)
            begun = int(lines.split()[-1])
            self.assertIn(f"\ndone: {begun} of 6\n", lines)  # what's done isn't lost
            self.assertLess(begun, 1000)

    def test_partial_answers(self):
        cleaned_up = []

        async def late():
            try:
                await asyncio.sleep(3600)
            finally:
                cleaned_up.append(1)

        async def quick():
            await asyncio.sleep(1)
            return "quick"

        async def broken():
            raise ConnectionError

        async def main():
            answers = await partial_answers.ask_all({"a": late(), "b": quick(), "c": broken()}, 2)
            self.assertEqual([TimeoutError, str, ConnectionError], list(map(type, answers.values())))
            self.assertEqual(("quick", 2, [1]), (answers["b"], now(), cleaned_up))
            self.assertEqual({}, await partial_answers.ask_all({}, 2))
            with self.assertRaises(TimeoutError):
                async with asyncio.timeout(1):  # the caller gives up, and nothing is left
                    await partial_answers.ask_all({"a": late(), "b": late()}, 2)
            self.assertEqual([1] * 3, cleaned_up)

        self.run_async(main)

    def test_batches(self):
        async def main():
            queue, got = asyncio.Queue(maxsize=1), []

            async def put_all():
                for n in range(10):
                    await asyncio.sleep(3600 if n == 5 else 0.4)
                    await queue.put(n)
                await queue.put(None)

            async with asyncio.TaskGroup() as group:
                group.create_task(put_all())
                async for batch in store_batches.batches(queue, 3, 1):
                    got.append(batch)
                    await asyncio.sleep(random.random())
            self.assertEqual(list(range(10)), sum(got, []))  # none is lost
            self.assertLessEqual(max(map(len, got)), 3)
            self.assertIn(4, [batch[-1] for batch in got])  # it didn't wait for the fifth

            await queue.put(None)
            async for batch in store_batches.batches(queue, 3, 1):
                self.fail(f"an empty batch: {batch}")

        self.run_async(main)

    def test_error_is_no_end_of_a_batch(self):
        async def main():
            queue = asyncio.Queue()
            queue.put_nowait(1)
            with self.assertRaises(TimeoutError):
                async with asyncio.timeout(0.5):
                    async for batch in store_batches.batches(queue, 3, 1):
                        self.assertEqual(([1], 0.5), (batch, now()))

        self.run_async(main)

    def test_cancelled_batches_lose_nothing(self):
        async def main():
            queue, stored = asyncio.Queue(), []

            async def store_all(size):
                async for batch in store_batches.batches(queue, size, 1):
                    self.assertLessEqual(len(batch), size)
                    await asyncio.sleep(0.1)  # storing may wait
                    stored.extend(batch)

            for size in 500, 2:
                stored.clear()
                task = asyncio.create_task(store_all(size))
                for n in 1, 2, 3:
                    await queue.put(n)
                await asyncio.sleep(0.5)
                for n in 4, 5, 6, 7, 8:  # there, but not yet taken
                    await queue.put(n)
                task.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await task
                self.assertEqual([1, 2, 3, 4, 5, 6, 7, 8], stored + [queue.get_nowait() for _ in range(queue.qsize())])

        self.run_async(main)

    def test_newest(self):
        async def main():
            queue = asyncio.Queue(maxsize=3)
            for n in range(100):
                keep_newest.put_newest(queue, n)
            self.assertEqual([97, 98, 99], [await queue.get() for _ in range(3)])
            waiting = asyncio.create_task(queue.get())
            await asyncio.sleep(0)
            for n in range(5):
                keep_newest.put_newest(queue, n)
            self.assertEqual(2, await waiting)

        self.run_async(main)

    def test_error_in_a_process_is_raised(self):
        self.addCleanup(signal.signal, signal.SIGTERM, signal.getsignal(signal.SIGTERM))
        with mock.patch.object(process_progress, "primes_in", os.fspath), \
                self.assertRaises(TypeError):
            process_progress.main()

    @unittest.skipUnless(hasattr(os, "killpg"), "Unix only")
    def test_signal_ends_the_processes_too(self):
        """Though their jobs never end, and others wait for their turn."""
        slow = ("import os, time\n"
                "def work(*_):\n"
                "    open(os.path.join(os.environ['FOLDER'], str(os.getpid())), 'w').close()\n"
                "    time.sleep(3600)\n")
        for (module, work, start), (number, code) in itertools.product((
                ("process_progress", "primes_in", "main()"),
                ("shares", "run_share", "main()"),
                ("cpu_from_server", "primes_below", "asyncio.run(main())")),
                ((signal.SIGTERM, 143), (signal.SIGINT, -signal.SIGINT))):
            with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as pids:
                with open(os.path.join(folder, "slow.py"), "w") as file:
                    file.write(slow)
                with open(os.path.join(folder, "program.py"), "w") as file:
                    file.write(f"import asyncio, slow, {module}\nfrom {module} import main\n"
                               f"{module}.{work} = slow.work\n"
                               f"if __name__ == '__main__': {start}\n")
                with subprocess.Popen([sys.executable, "-B", os.path.join(folder, "program.py")], stderr=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, env={**os.environ, "FOLDER": pids, "PYTHONPATH": FOLDER}) as program:
                    self.kill_after(60, program)
                    while not os.listdir(pids):
                        self.assertIsNone(program.poll())
                        time.sleep(0.001)
                    program.send_signal(number)
                    self.assertEqual(code, program.wait(), module)
                end = time.monotonic() + 15
                while any(map(alive, os.listdir(pids))) and time.monotonic() < end:
                    time.sleep(0.001)
                self.assertFalse(any(map(alive, os.listdir(pids))), module)

    def test_shares(self):
        answers = shares.handle_all([5, 4, "x", 3, 2], processes=2)
        self.assertEqual([10, 6, 3, 1], answers[:2] + answers[3:])  # in their order
        self.assertTrue(answers[2].startswith("failed: TypeError("), answers[2])
        self.assertEqual([0], shares.handle_all([1], processes=2))
        self.assertEqual([], shares.handle_all([], processes=1))

    def test_share_has_a_limit(self):
        here, most = [], []

        async def handle(order):
            here.append(order)
            most.append(len(here))
            await asyncio.sleep(1)
            here.remove(order)

        async def main():
            with mock.patch.object(shares, "handle", handle):
                await shares.handle_share(range(1000))
            self.assertEqual((100, 10), (max(most), now()))

        self.run_async(main)

    def test_process_for_each_task(self):
        """What the page says of tasks that crash."""
        spawn = multiprocessing.get_context("spawn")

        def alone(status):
            with ProcessPoolExecutor(1, mp_context=spawn) as pool:
                return pool.submit(os._exit if status else abs, status).exception()

        with ThreadPoolExecutor(2) as threads:
            errors = list(map(type, threads.map(alone, [0, 3, 0])))
        self.assertEqual([type(None), BrokenProcessPool, type(None)], errors)

        with ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=1) as pool:
            crash, after = pool.submit(os._exit, 3), pool.submit(abs, 0)
            self.assertEqual([BrokenProcessPool] * 2, [type(crash.exception()), type(after.exception())])


class TimeAndTheWorld(Recipe):
    def test_rate_limit(self):
        async def main():
            limit, sent = rate_limit.RateLimit(per_second=2), 0
            await asyncio.sleep(60)  # saves no turns up
            await limit.wait()
            await limit.wait()
            self.assertEqual(60.5, now())

            async def worker():
                nonlocal sent
                while True:
                    await limit.wait()
                    sent += 1

            with self.assertRaises(TimeoutError):
                async with asyncio.timeout(10), asyncio.TaskGroup() as group:
                    for _ in range(10):
                        group.create_task(worker())
            self.assertAlmostEqual(20, sent, delta=1)  # by ten, as by one

        self.run_async(main)

    def test_late_call_is_followed_by_a_gap(self):
        sleep, sent = asyncio.sleep, []

        async def late(seconds):
            await sleep(seconds + (0.07 if len(sent) == 3 else 0))  # the loop was busy

        async def main():
            limit = rate_limit.RateLimit(per_second=10)
            for _ in range(8):
                await limit.wait()
                sent.append(now())
            self.assertGreaterEqual(min(after - before for before, after in itertools.pairwise(sent)), 0.0999)

        with mock.patch("asyncio.sleep", late):
            self.run_async(main)

    def test_callers_that_give_up_take_no_turns(self):
        async def main():
            limit, sent = rate_limit.RateLimit(per_second=10), 0

            async def ask():
                nonlocal sent
                try:
                    async with asyncio.timeout(2):
                        await limit.wait()
                    sent += 1
                except TimeoutError:
                    pass

            async def again():
                while now() < start + 60:
                    await ask()

            await asyncio.gather(*(ask() for _ in range(1000)))
            self.assertAlmostEqual(20, sent, delta=1)
            start = now()
            await limit.wait()
            self.assertLessEqual(now() - start, 0.1001)
            sent = 0
            await asyncio.gather(*(again() for _ in range(30)))
            self.assertAlmostEqual(600, sent, delta=20)

        self.run_async(main)

    def test_rate_limit_for_threads(self):
        """What the page says of it."""
        class ForThreads(rate_limit.RateLimit):
            def wait(self):
                now = time.monotonic
                with self.line:
                    turn = max(now(), self.free)
                    time.sleep(max(0, turn - now()))
                    self.free = now() + self.gap

        limit = ForThreads(per_second=500)
        limit.line, start = threading.Lock(), time.monotonic()
        with ThreadPoolExecutor(10) as pool:
            for _ in range(51):
                pool.submit(limit.wait)
        self.assertGreaterEqual(time.monotonic() - start, 0.1)  # however quick the machine is

    def test_retries_end_at_the_deadline(self):
        tries = 0

        async def busy():
            nonlocal tries
            tries += 1
            raise ConnectionError("busy")

        async def hangs():
            await asyncio.sleep(3600)

        async def main():
            with self.assertRaises(ConnectionError):  # and not a timeout
                await retries.retry(busy, seconds=10)
            self.assertLess(now(), 10)
            self.assertTrue(3 < tries < 1000, tries)
            start = now()
            with self.assertRaises(TimeoutError):
                await retries.retry(hangs, seconds=10)
            self.assertEqual(10, round(now() - start, 3))

        self.run_async(main)

    def test_timeout_of_a_try_is_not_the_deadline(self):
        tries = 0

        async def hangs_twice():
            nonlocal tries
            tries += 1
            async with asyncio.timeout(2):
                await asyncio.sleep(3600 if tries < 3 else 0)
            return "answer"

        async def main():
            self.assertEqual("answer", await retries.retry(hangs_twice, seconds=10))
            self.assertEqual(3, tries)

        self.run_async(main)

    def test_you_say_what_is_tried_again(self):
        refused = urllib.error.URLError(ConnectionRefusedError())
        answers = mock.AsyncMock(side_effect=[refused, refused, "answer"])

        async def main():
            self.assertEqual("answer", await retries.retry(answers, 10, retry_on=urllib.error.URLError))
            with self.assertRaises(urllib.error.URLError):
                await retries.retry(mock.AsyncMock(side_effect=refused), 10)

        self.run_async(main)

    def test_thousands_of_tries(self):
        busy = mock.AsyncMock(side_effect=ConnectionError)

        async def main():
            with self.assertRaises(ConnectionError):
                await retries.retry(busy, seconds=9000)
            self.assertGreater(busy.await_count, 2000)

        self.run_async(main)

    def test_server_may_say_when_to_come_back(self):
        class Busy(ConnectionError):
            retry_after = 7

        async def main():
            answers = mock.AsyncMock(side_effect=[Busy, ConnectionError, Busy, "answer"])
            self.assertEqual("answer", await retries.retry(answers, 60))
            self.assertTrue(14 <= now() < 15, now())
            with self.assertRaises(Busy):  # it would be too late
                await retries.retry(mock.AsyncMock(side_effect=Busy), 6)
            self.assertLess(now(), 15)

        self.run_async(main)
        with mock.patch.object(retries_in_threads, "time", clock := Clock()):
            answers = mock.Mock(side_effect=[Busy, ConnectionError, Busy, "answer"])
            self.assertEqual("answer", retries_in_threads.retry(answers, 60))
            self.assertTrue(14 <= clock.now < 15, clock.now)
            with self.assertRaises(Busy):
                retries_in_threads.retry(mock.Mock(side_effect=Busy), 6)
            self.assertLess(clock.now, 15)

    def test_retries_in_threads_end_too(self):
        with mock.patch.object(retries_in_threads, "time", clock := Clock()):
            busy = mock.Mock(side_effect=TimeoutError)
            with self.assertRaises(TimeoutError):
                retries_in_threads.retry(busy, seconds=10)
            self.assertLess(clock.now, 10)
            self.assertTrue(3 < busy.call_count < 1000, busy.call_count)
            wrong = mock.Mock(side_effect=ValueError)
            with self.assertRaises(ValueError):
                retries_in_threads.retry(wrong, seconds=10)
            wrong.assert_called_once()

    def test_twins_print_the_same(self):
        for name in "retries", "answer_cache":
            one, other = (subprocess.run([sys.executable, "-B", f"{name}{how}.py"], cwd=FOLDER, capture_output=True,
                                         text=True, timeout=60) for how in ("", "_in_threads"))
            self.assertEqual((one.stdout, ""), (other.stdout, other.stderr))

    def test_what_wont_get_better_is_tried_once(self):
        wrong = mock.AsyncMock(side_effect=ValueError)

        async def main():
            with self.assertRaises(ValueError):
                await retries.retry(wrong, seconds=10)

        self.run_async(main)
        wrong.assert_awaited_once()

    def test_error_of_a_blocking_call_is_raised(self):
        with self.assertRaises(ZeroDivisionError):
            blocking_timeout.call_within(60, lambda: 1 / 0)

    def test_calls_that_hang_are_limited(self):
        release = threading.Event()
        for _ in range(30):
            with self.assertRaises(TimeoutError):
                blocking_timeout.call_within(0.01, release.wait)
        self.assertEqual(20, len(set(threading.enumerate()) - self.threads))
        release.set()
        self.assertEqual(7, blocking_timeout.call_within(60, lambda: 7))  # there's room again

    def test_thread_that_does_not_start_takes_no_slot(self):
        for _ in range(30):
            with mock.patch("threading.Thread.start", side_effect=RuntimeError("can't start new thread")), \
                    self.assertRaises(RuntimeError):
                blocking_timeout.call_within(60, lambda: 7)
        self.assertEqual(7, blocking_timeout.call_within(60, lambda: 7))

    def test_call_that_hangs_keeps_no_program_from_ending(self):
        program = ("import threading, blocking_timeout\n"
                   "try: blocking_timeout.call_within(0.01, threading.Event().wait)\n"
                   "except TimeoutError: print('gave up')")
        ended = subprocess.run([sys.executable, "-B", "-c", program], cwd=FOLDER, capture_output=True, text=True, timeout=60)
        self.assertEqual(("gave up\n", 0), (ended.stdout, ended.returncode))

    def test_with_block_of_a_pool_waits_in_spite_of_the_timeout(self):
        release, gave_up = threading.Event(), threading.Event()

        def wrong():
            with ThreadPoolExecutor(1) as pool:
                future = pool.submit(release.wait)
                try:
                    future.result(timeout=0.01)
                except TimeoutError:
                    gave_up.set()

        caller = threading.Thread(target=wrong)
        caller.start()
        gave_up.wait()
        caller.join(0.05)
        self.assertTrue(caller.is_alive())
        release.set()
        caller.join()

    def test_hedged(self):
        async def broken():
            raise ConnectionError

        def replica(name, seconds):
            async def ask():
                await asyncio.sleep(seconds)
                return name
            return ask

        async def main():
            winner = await hedged_request.hedged([broken, replica("second", 1)], patience=60)
            self.assertEqual(("second", 1), (winner, now()))  # an error isn't an answer
            winner = await hedged_request.hedged([replica("first", 3), broken], patience=1)
            self.assertEqual("first", winner)
            with self.assertRaises(ExceptionGroup) as raised:
                await hedged_request.hedged([broken, broken], patience=1)
            self.assertEqual(2, len(raised.exception.exceptions))
            start = now()
            winner = await hedged_request.hedged([replica("slow", 99), replica("quick", 1)], patience=1)
            self.assertEqual(("quick", 2), (winner, now() - start))  # the loser is cancelled
            unasked = mock.AsyncMock()
            self.assertEqual("quick", await hedged_request.hedged([replica("quick", 0), unasked], patience=1))
            unasked.assert_not_called()
            with self.assertRaisesRegex(ValueError, "nobody"):
                await hedged_request.hedged([], patience=1)
            with self.assertRaises(TimeoutError):
                async with asyncio.timeout(5):
                    await hedged_request.hedged([replica("a", 99), replica("b", 99)], patience=1)

        self.run_async(main)

    def test_error_that_comes_with_the_answer_is_looked_at(self):
        async def main():
            complaints, all_at_once = [], asyncio.Event()
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda _, context: complaints.append(context["message"]))

            async def broken():
                await all_at_once.wait()
                raise ConnectionError

            async def answers():
                await all_at_once.wait()
                return "answer"

            loop.call_later(60, all_at_once.set)
            calls = [broken] * 10 + [answers] + [broken] * 10
            self.assertEqual("answer", await hedged_request.hedged(calls, patience=1))
            gc.collect()
            self.assertEqual([], complaints)

        self.run_async(main)

    def test_answer_waits_for_the_cleanup_of_the_losers(self):
        """What the page says of it."""
        async def slow():
            try:
                await asyncio.sleep(99)
            finally:
                await asyncio.sleep(5)

        async def main():
            await hedged_request.hedged([slow, mock.AsyncMock(return_value="quick")], patience=1)
            self.assertEqual(6, now())

        self.run_async(main)

    @unittest.skipUnless(hasattr(os, "killpg"), "Unix only")
    def test_shutdown(self):
        """What's under way, what ends in time, and a second Ctrl-C."""
        program = ("import asyncio, graceful_shutdown as g\n"
                   "g.GRACE, demo = {grace}, g.accept\n"
                   "def accept(name, answer):\n"
                   "    answer.close()\n"
                   "    if name == 'long' and {takes}: demo(name, asyncio.sleep({takes}))\n"
                   "    if name == 'long': print('ready', flush=True)\n"
                   "g.accept, g.os.kill = accept, lambda *_: None\n"
                   "asyncio.run(g.main())")
        for grace, takes, signals, says in (
                (3600, 0, [signal.SIGTERM], "bye\n"),  # idle: it ends at once
                (3600, 0.2, [signal.SIGINT], "the long request is answered\nbye\n"),
                (0.1, 3600, [signal.SIGTERM], "the long request was cut off\nbye\n"),
                (3600, 3600, [signal.SIGTERM, signal.SIGINT], "the long request was cut off\n")):
            with self.subTest(says=says), subprocess.Popen(
                    [sys.executable, "-B", "-c", program.format(grace=grace, takes=takes)],
                    cwd=FOLDER, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
                self.kill_after(60, server)
                self.assertEqual("ready\n", server.stdout.readline())
                server.send_signal(signals[0])
                end = time.monotonic() + 20
                while len(signals) > 1 and server.poll() is None and time.monotonic() < end:
                    server.send_signal(signals[1])  # as soon as it has heard of the first
                    time.sleep(0.01)
                self.assertEqual(says, server.stdout.read())

    def test_signal_after_the_end_is_no_error(self):
        if hasattr(os, "killpg"):
            before = signal.getsignal(signal.SIGTERM)
            with mock.patch("sys.stdout", io.StringIO()):
                asyncio.run(graceful_shutdown.main())
            self.assertEqual(before, signal.getsignal(signal.SIGTERM))

    def test_closed_server_accepts_no_more(self):
        """What the page says of asyncio.Server.close()."""
        async def main():
            answered = asyncio.Event()

            async def answer(reader, writer):
                await reader.readline()
                writer.write(b"answer\n")
                writer.close()
                answered.set()

            server = await asyncio.start_server(answer, "127.0.0.1", 0)
            address = server.sockets[0].getsockname()
            reader, writer = await asyncio.open_connection(*address)
            await asyncio.sleep(0.01)  # it's accepted
            server.close()
            with self.assertRaises(ConnectionRefusedError):
                await asyncio.open_connection(*address)
            writer.write(b"question\n")
            self.assertEqual(b"answer\n", await reader.readline())
            writer.close()
            await answered.wait()

        asyncio.run(main())

    def test_every(self):
        async def main():
            async def begins(takes):
                start, begun = now(), []

                async def job():
                    begun.append(round(now() - start, 3))
                    await asyncio.sleep(takes.get(len(begun), 7))
                    raise RuntimeError("failed, and is run again")

                with self.assertRaises(TimeoutError):
                    async with asyncio.timeout(400):
                        await every_minute.every(60, job)
                return begun

            self.assertEqual([0, 60, 120, 180, 240, 300, 360], await begins({}))  # no drift
            self.assertEqual([0, 240, 300, 360], await begins({1: 200}))  # no pile

        self.run_async(main)

    def test_timer_that_is_early_begins_no_run_twice(self):
        sleep, begun = asyncio.sleep, []

        async def early(seconds):
            await sleep(seconds * 0.999)

        async def job():
            begun.append(round(now()))

        async def main():
            with self.assertRaises(TimeoutError):
                async with asyncio.timeout(200):
                    await every_minute.every(60, job)
            self.assertEqual([0, 60, 120, 180], begun)

        with mock.patch("asyncio.sleep", early):
            self.run_async(main)

    @unittest.skipUnless(hasattr(os, "killpg"), "Unix only")
    def test_children_of_a_program_are_killed(self):
        with tempfile.NamedTemporaryFile() as file:
            command = ["sh", "-c", 'sleep 3600 & echo $! > "$0"; wait', file.name]
            for seconds in 0.05, 1, 10:  # a busy machine needs longer to begin
                with self.assertRaises(subprocess.TimeoutExpired):
                    run_program.run_program(command, seconds)
                if pid := file.read().decode().strip():
                    break
        end = time.monotonic() + 15
        while alive(pid, "sleep 3600") and time.monotonic() < end:
            time.sleep(0.001)
        self.assertEqual("", alive(pid, "sleep 3600"))

    def test_program_that_took_too_long_has_said_something(self):
        program = "import sys, time; print('half', flush=True); print('slow', file=sys.stderr, flush=True); time.sleep(3600)"
        for seconds in 0.2, 2, 20:  # a busy machine needs longer to begin
            with self.assertRaises(subprocess.TimeoutExpired) as caught:
                run_program.run_program([sys.executable, "-c", program], seconds)
            if caught.exception.stderr:
                break
        self.assertEqual(("half\n", "slow\n"), (caught.exception.output, caught.exception.stderr))

    @unittest.skipUnless(shutil.which("setsid"), "Linux only")
    def test_child_that_left_the_group_keeps_nobody(self):
        start = time.monotonic()
        with self.assertRaises(subprocess.TimeoutExpired):
            run_program.run_program(["sh", "-c", "setsid sleep 20 & sleep 20"], 0.3)
        self.assertLess(time.monotonic() - start, 15)

    @unittest.skipUnless(hasattr(os, "killpg"), "Unix only")
    def test_child_that_runs_on_is_no_failure(self):
        start = time.monotonic()
        self.assertEqual("done\n", run_program.run_program(["sh", "-c", "echo done; sleep 30 &"], 20))
        self.assertLess(time.monotonic() - start, 15)

    @unittest.skipUnless(hasattr(os, "killpg"), "Unix only")
    def test_signal_takes_the_programs_of_all_threads_along(self):
        """And no other one is started. Ctrl-C is raised in the main thread only."""
        program = ("import runpy, sys\n"
                   "from concurrent.futures import ThreadPoolExecutor, wait\n"
                   "run_program = runpy.run_path('run_program.py', run_name='__main__')['run_program']\n"
                   "script = 'sleep 3600 & echo $! > \"$0.new\"; mv \"$0.new\" \"$0\"; wait'\n"
                   "def run(n): run_program(['sh', '-c', script, f'{sys.argv[1]}/{n}'], 3600)\n"
                   "with ThreadPoolExecutor(3) as pool:\n"
                   "    futures = [pool.submit(run, n) for n in range(9)]\n"
                   "    while wait(futures, 0.1).not_done: pass\n")  # a signal just before a wait is seen after it
        for number in signal.SIGTERM, signal.SIGINT:
            self.run_and_signal(program, number, at_once=3, code=128 + number)

    @unittest.skipUnless(hasattr(os, "killpg"), "Unix only")
    def test_signal_takes_the_program_of_asyncio_along(self):
        program = ("import asyncio, sys, run_program_in_asyncio as r\n"
                   "script = 'sleep 3600 & echo $! > \"$0.new\"; mv \"$0.new\" \"$0\"; wait'\n"
                   "run = r.run_program\n"
                   "async def hang(*_): await run(['sh', '-c', script, f'{sys.argv[1]}/0'], 3600, print)\n"
                   "r.run_program = hang\n"
                   "asyncio.run(r.main())\n")
        for number, code in (signal.SIGTERM, 1), (signal.SIGINT, -signal.SIGINT):
            self.run_and_signal(program, number, at_once=1, code=code)

    @unittest.skipUnless(hasattr(os, "killpg"), "Unix only")
    def test_lines_of_a_program_in_asyncio(self):
        async def main():
            seen, both = [], asyncio.Event()

            def use(line):
                seen.append(line)
                if len(seen) == 2:
                    both.set()

            hangs = ["sh", "-c", "printf 'one\ntwo\n' >&2; sleep 3600 & sleep 3600"]
            task = asyncio.create_task(run_program_in_asyncio.run_program(hangs, 3600, use))
            await both.wait()  # as they come, and not at the end
            task.cancel()
            await asyncio.wait([task])
            self.assertTrue(task.cancelled())
            self.assertEqual(["one", "two"], seen)

            with self.assertRaises(ZeroDivisionError):  # what fails with a line ends the program
                await run_program_in_asyncio.run_program(hangs, 3600, lambda line: 1 / 0)
            create, started = asyncio.create_subprocess_exec, []

            async def cancelled(*command, **how):
                started.append(await create(*command, **how))
                task.cancel()  # it runs, and nobody knows of it
                await asyncio.sleep(0)
                return started[0]

            with mock.patch("asyncio.create_subprocess_exec", cancelled):
                task = asyncio.create_task(run_program_in_asyncio.run_program(hangs, 3600, print))
                await asyncio.wait([task])
            self.assertEqual(-signal.SIGKILL, started[0].returncode)
            with self.assertRaises(FileNotFoundError):
                await run_program_in_asyncio.run_program(["no-such-program"], 60, print)
            long = ["sh", "-c", "head -c 1000000 /dev/zero"]
            await run_program_in_asyncio.run_program(long, 60, seen.append)
            self.assertEqual(1_000_000, len(seen[-1]))

        asyncio.run(main())

    def test_programs_in_asyncio(self):
        if not hasattr(os, "killpg"):
            self.skipTest("Unix only")
        ended = subprocess.run([sys.executable, "-B", "run_program_in_asyncio.py"], cwd=FOLDER, capture_output=True, text=True, timeout=60)
        self.assertEqual(("hello\nno disk\nexit code 1\nkilled: it took too long\n", ""), (ended.stdout, ended.stderr))

    def run_and_signal(self, program, number, at_once, code):
        """Waits until so many of its children have written their pid to a file."""
        with tempfile.TemporaryDirectory() as folder:
            with subprocess.Popen([sys.executable, "-B", "-c", program, folder], cwd=FOLDER,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as parent:
                self.kill_after(60, parent)
                while len([name for name in os.listdir(folder) if name.isdigit()]) < at_once:
                    self.assertIsNone(parent.poll())
                    time.sleep(0.001)
                parent.send_signal(number)
                self.assertEqual(code, parent.wait())
            self.assertEqual(at_once, len(os.listdir(folder)))  # no other was begun
            for name in os.listdir(folder):
                with open(os.path.join(folder, name)) as file:
                    pid = file.read().strip()
                end = time.monotonic() + 15
                while alive(pid, "sleep 3600") and time.monotonic() < end:
                    time.sleep(0.001)
                self.assertEqual("", alive(pid, "sleep 3600"))

    @unittest.skipUnless(hasattr(os, "killpg"), "Unix only")
    def test_much_output_blocks_no_program(self):
        command = ["sh", "-c", "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2"]
        self.assertEqual(1_000_000, len(run_program.run_program(command, 60)))


def alive(pid, command=""):
    """Returns what it is, or nothing. Another process may have its number by now, with another command."""
    what = subprocess.run(["ps", "-o", "stat=,args=", "-p", pid], capture_output=True, text=True).stdout
    return what if command in what and not what.startswith("Z") else ""


class Sharing(Recipe):
    def test_loaded_once(self):
        loads, coming, broken, all_of_them = [], [], True, 20

        def load():
            loads.append(1)
            while len(coming) < all_of_them:  # so that most of them wait
                time.sleep(0.001)
            if broken:
                raise ConnectionError
            return 7

        once = load_once.Once(load)

        def get(_):
            coming.append(1)
            try:
                return once.get()
            except ConnectionError:
                return None

        with ThreadPoolExecutor(all_of_them) as pool:
            self.assertEqual([None] * all_of_them, list(pool.map(get, range(all_of_them))))
            self.assertLess(len(loads), all_of_them)  # those that waited hear of it
            broken = False
            loads.clear()
            self.assertEqual([7] * all_of_them, list(pool.map(get, range(all_of_them))))
            self.assertEqual(1, len(loads))

    def test_load_that_ends_the_program_keeps_nobody(self):
        once = load_once.Once(sys.exit)
        for _ in range(2):
            with self.assertRaises(SystemExit):
                once.get()

    def test_config_cannot_be_changed_in_part(self):
        with self.assertRaises(dataclasses.FrozenInstanceError):
            config_swap.config.host = "another"

    def test_answers(self):
        asked, broken = [], True

        async def ask(key):
            asked.append(key)
            await asyncio.sleep(1)
            if key == "broken" and broken:
                raise ConnectionError
            return key

        async def main():
            nonlocal broken
            pages = answer_cache.Answers(ask, room=2, seconds=3600)
            self.assertEqual(["a"] * 100, await asyncio.gather(*(pages.get("a") for _ in range(100))))
            self.assertEqual(["a"], asked)

            with self.assertRaises(ConnectionError):
                await pages.get("broken")
            broken = False
            self.assertEqual("broken", await pages.get("broken"))  # the failure wasn't kept

            impatient = asyncio.create_task(pages.get("b"))
            await asyncio.sleep(0)
            other = asyncio.create_task(pages.get("b"))
            await asyncio.sleep(0)
            impatient.cancel()
            self.assertEqual("b", await other)  # the first to ask has gone
            self.assertTrue(impatient.cancelled())
            self.assertEqual(1, asked.count("b"))

            asked.clear()  # more are under way than there's room for
            keys = [str(n) for n in range(20)] * 2
            begun = [asyncio.create_task(pages.get(key)) for key in keys]
            await asyncio.sleep(0)
            gc.collect()  # nothing under way is collected
            self.assertEqual(keys, await asyncio.gather(*begun))
            self.assertEqual(20, len(asked))
            self.assertEqual((2, 0), (len(pages.kept), len(pages.running)))

            asked.clear()
            for wait in 0, 3500, 200:
                await asyncio.sleep(wait)
                await pages.get("c")
            self.assertEqual(["c", "c"], asked)  # again when it's old

            without_room = answer_cache.Answers(ask, room=0, seconds=3600)
            self.assertEqual("d", await without_room.get("d"))
            await asyncio.sleep(0)
            self.assertEqual({}, without_room.kept)

        self.run_async(main)

    def test_answers_in_threads(self):
        asked, coming, all_of_them = [], [], 20
        broken = True

        def ask(key):
            asked.append(key)
            while len(coming) < all_of_them:  # so that the others wait
                time.sleep(0.001)
            if broken:
                raise ConnectionError
            return key.upper()

        def get(key):
            coming.append(key)
            try:
                return pages.get(key)
            except ConnectionError:
                return None

        with mock.patch.object(answer_cache_in_threads.time, "monotonic", lambda: clock), \
                ThreadPoolExecutor(all_of_them) as pool:
            clock = 0
            pages = answer_cache_in_threads.Answers(ask, room=2, seconds=60)
            self.assertEqual([None] * all_of_them, list(pool.map(get, "a" * all_of_them)))
            self.assertLess(len(asked), all_of_them)  # those that waited hear of it
            broken = False
            asked.clear(), coming.clear()
            self.assertEqual(["A"] * all_of_them, list(pool.map(get, "a" * all_of_them)))
            self.assertEqual(["a"], asked)
            clock = 59
            self.assertEqual(["A", "B", "C", "A"], list(map(get, "abca")))  # the c needs its room
            clock = 118
            self.assertEqual(["A", "C"], list(map(get, "ac")))
            clock = 119
            self.assertEqual("A", get("a"))  # it's old
            self.assertEqual(["a", "b", "c", "a", "a"], asked)
            self.assertEqual((2, {}), (len(pages.kept), pages.running))

    def test_cache_is_made_where_no_loop_runs(self):
        async def whose(key):
            return request_values.request_id.get()

        pages = answer_cache.Answers(whose, room=2, seconds=60)  # at the top of a module

        async def main():
            request_values.request_id.set(7)
            self.assertEqual("-", await pages.get("a"))  # it's no single caller's request

        asyncio.run(main())

    def test_what_passes_the_request_on(self):
        def log(text):
            record = logging.makeLogRecord({"msg": text})
            request_values.RequestId().filter(record)
            return f"[{record.request_id}] {text}"

        async def main():
            request_values.request_id.set(7)
            loop = asyncio.get_running_loop()
            self.assertEqual("[7] x", await asyncio.to_thread(log, "x"))
            self.assertEqual("[-] x", await loop.run_in_executor(None, log, "x"))
            context = contextvars.copy_context()
            self.assertEqual("[7] x", await loop.run_in_executor(None, context.run, log, "x"))

        asyncio.run(main())

    def test_request_is_over_for_its_thread(self):
        def serve():  # as a thread of a pool does
            handling = request_values.handle(7)
            with self.assertRaises(StopIteration):
                while True:
                    handling.send(None)
            return request_values.request_id.get()

        with ThreadPoolExecutor(1) as pool:
            self.assertEqual("-", pool.submit(serve).result())

    def test_library_that_logs_has_the_id(self):
        program = ("import asyncio, logging, request_values as r\n"
                   "r.set_up_logging()\n"
                   "r.request_id.set(7)\n"
                   "logging.getLogger('library').warning('slow')")
        ended = subprocess.run([sys.executable, "-B", "-c", program], cwd=FOLDER, capture_output=True, text=True)
        self.assertEqual(("[7] slow\n", ""), (ended.stdout, ended.stderr))

    def test_error_in_the_thread_is_raised_and_ends_the_loop(self):
        def lines():
            yield "door open"
            raise OSError

        async def main():
            with mock.patch.object(thread_to_loop, "LINES", lines()), self.assertRaises(OSError):
                await thread_to_loop.main()

        with mock.patch("sys.stdout", io.StringIO()):
            asyncio.run(main())

    def take_events(self, lines, take):
        """Calls take with each line when the thread waits with the next. No wait has a limit."""
        main, waits, limits = threading.current_thread(), threading.Event(), []
        wait = threading.Condition.wait

        def watched(condition, timeout=None):
            if threading.current_thread() is not main:
                limits.append(timeout)
                waits.set()
                if timeout:
                    return False  # as if the time were over
            return wait(condition, timeout)

        def show(*words):
            waits.wait(10)
            take(words[-1])

        with mock.patch.object(threading.Condition, "wait", watched), \
                mock.patch.object(thread_to_loop, "print", show, create=True), \
                mock.patch.object(thread_to_loop, "LINES", lines):
            asyncio.run(thread_to_loop.main())  # waits for its threads
        self.assertEqual({None}, set(limits))

    def test_full_queue_is_no_reason_to_give_up(self):
        taken = []
        self.take_events("abcd", taken.append)
        self.assertEqual([*"abcd", "no more events"], taken)

    def test_thread_ends_when_nobody_takes_its_events(self):
        def broken(line):
            raise ConnectionError

        def gives_up(line):
            asyncio.current_task().cancel()

        for take, error in (broken, ConnectionError), (gives_up, asyncio.CancelledError):
            with self.assertRaises(error):
                self.take_events(itertools.count(), take)

    def test_all_threads_hear_that_nobody_takes_events(self):
        async def main():
            events = thread_to_loop.Events(room=1)
            threads = [asyncio.to_thread(lambda: [events.put(1), events.put(2)]) for _ in range(5)]
            ended = asyncio.gather(*threads, return_exceptions=True)
            await events.get()
            events.close()
            self.assertEqual({RuntimeError}, set(map(type, await ended)))

        asyncio.run(main())

    @unittest.skipUnless(hasattr(os, "killpg"), "Unix only")
    def test_ctrl_c_ends_the_thread(self):
        program = ("import asyncio, itertools, thread_to_loop\n"
                   "thread_to_loop.LINES = itertools.count()\n"
                   "asyncio.run(thread_to_loop.main())\n")
        code, _, complaints = self.signalled(program, "event: 0\n", signal.SIGINT)
        self.assertEqual(-signal.SIGINT, code)
        self.assertNotIn("never retrieved", complaints)

    def test_pool_is_made_anew_when_a_process_is_killed(self):
        async def main():
            computing = cpu_from_server.Computing()
            await computing.run(abs, -1)
            broken = computing.pool
            for process in multiprocessing.active_children():
                process.kill()
            with self.assertRaises(BrokenProcessPool):
                while True:
                    await computing.run(abs, -1)
            self.assertEqual(1, await computing.run(abs, -1))
            computing.stop()  # also what the broken one may have begun to start
            broken.shutdown()  # waits for its thread

        asyncio.run(main())

    def test_cancelled_wait_does_not_stop_the_thread(self):
        release, ended = threading.Event(), threading.Event()

        def query():
            release.wait()
            ended.set()

        async def main():
            with self.assertRaises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await asyncio.to_thread(query)
            self.assertFalse(ended.is_set())
            release.set()

        asyncio.run(main())  # waits for its pool
        self.assertTrue(ended.is_set())

    def test_cancelled_run_does_not_wait_for_a_pool_of_its_own(self):
        release, pool = threading.Event(), ThreadPoolExecutor(1)

        async def main():
            with self.assertRaises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await asyncio.get_running_loop().run_in_executor(pool, release.wait)

        asyncio.run(main())
        self.assertFalse(release.is_set())
        release.set()
        pool.shutdown()  # waits for it

    def test_a_pool_of_its_own_is_a_limit(self):
        five, here, most = threading.Barrier(5), [], []

        def call():
            here.append(1)
            five.wait()
            most.append(len(here))
            five.wait()
            here.pop()
            five.wait()

        async def main():
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(
                loop.run_in_executor(blocking_from_async.connections, call) for _ in range(20)))

        asyncio.run(main())
        blocking_from_async.connections.shutdown()
        self.assertEqual([5] * 20, most)


if __name__ == "__main__":
    if unittest.main(exit=False).result.wasSuccessful():
        print("all is well")
    else:
        raise SystemExit(1)
