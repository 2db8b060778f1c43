# Needs Python 3.11 or later.
"""What people get wrong in Python, tried on the recipes: python3 recipe_checks.py"""
import asyncio
import contextvars
import dataclasses
import gc
import io
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import all_errors
import answer_cache
import as_they_come
import blocking_from_async
import blocking_timeout
import config_swap
import every_minute
import first_error
import graceful_shutdown
import hedged_request
import limited_tasks
import load_once
import many_downloads
import pipeline
import process_progress
import rate_limit
import request_values
import retries
import run_program
import worker_pool

logging.disable()


class Recipe(unittest.TestCase):
    """No thread and no task is left behind."""

    def setUp(self):
        self.threads = set(threading.enumerate())

    def tearDown(self):
        left = set(threading.enumerate()) - self.threads
        self.assertEqual(set(), {thread for thread in left if not thread.daemon})

    def run_async(self, main):
        """Runs it in virtual time, and counts the tasks after."""
        async def counted():
            try:
                await main()
            finally:
                left = asyncio.all_tasks() - {asyncio.current_task()}
            self.assertEqual(set(), left)

        rate_limit.run(counted)


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
            self.assertLessEqual(len(begun), 4)  # the one that got the place was stopped at its first await

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
        def check(host):
            raise {"db": OSError, "mail": ValueError}[host](host)

        with self.assertRaises(ExceptionGroup) as raised:
            all_errors.check_all(["db", "mail"], check)
        self.assertEqual([OSError, ValueError], list(map(type, raised.exception.exceptions)))
        all_errors.check_all(["web"], all_errors.check)

    def test_errors_of_a_host_that_is_there_twice(self):
        with self.assertRaises(ExceptionGroup) as raised:
            all_errors.check_all(["db", "web", "db"], all_errors.check)
        self.assertEqual([["db"], ["db"]], [error.__notes__ for error in raised.exception.exceptions])

    def test_check_that_ends_the_program_does_so(self):
        with self.assertRaises(SystemExit):
            all_errors.check_all(["web", "db"], sys.exit)

    def test_loop_that_is_left_early_leaves_no_task(self):
        async def main():
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(as_they_come.named(city)) for city in as_they_come.TAKES]
                for next_one in asyncio.as_completed(tasks):
                    self.assertEqual("Rome", (await next_one)[0])
                    break

        self.run_async(main)

    def test_broken_jobs_end_no_worker(self):
        worker_pool.done.clear()
        worker_pool.failed.clear()
        with mock.patch.object(worker_pool, "handle", side_effect=ValueError), \
                mock.patch("sys.stdout", io.StringIO()):
            worker_pool.main()
        self.assertEqual((0, 6), (len(worker_pool.done), len(worker_pool.failed)))
        self.assertTrue(worker_pool.jobs.empty())

    def test_error_at_the_end_stops_the_pipeline(self):
        async def upload(small):
            await small.get()
            raise ConnectionError

        async def main():
            with self.assertRaises(ExceptionGroup):
                await pipeline.main()

        with mock.patch.object(pipeline, "upload", upload):
            self.run_async(main)

    def test_error_of_the_producer_ends_the_workers(self):
        program = ("import worker_pool\n"
                   "def items():\n"
                   "    yield 1\n"
                   "    raise KeyboardInterrupt\n"
                   "try: worker_pool.work_off(items())\n"
                   "except KeyboardInterrupt: print('interrupted', worker_pool.done)")
        ended = subprocess.run([sys.executable, "-B", "-c", program], capture_output=True, text=True, timeout=15)
        self.assertEqual("interrupted [1]\n", ended.stdout)

    def test_error_in_a_process_is_raised(self):
        with mock.patch.object(process_progress, "primes_in", os.fspath), \
                self.assertRaises(TypeError):
            process_progress.main()


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

    def test_call_that_hangs_keeps_no_program_from_ending(self):
        program = ("import threading, blocking_timeout\n"
                   "try: blocking_timeout.call_within(0.01, threading.Event().wait)\n"
                   "except TimeoutError: print('gave up')")
        ended = subprocess.run([sys.executable, "-B", "-c", program], capture_output=True, text=True, timeout=15)
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

    def test_nobody_waits_for_the_grace_period_in_vain(self):
        ended = 0.0

        async def request(name, seconds):
            await asyncio.sleep(3)

        async def main():
            nonlocal ended
            await graceful_shutdown.main()
            ended = now()

        with mock.patch.object(graceful_shutdown, "request", request), \
                mock.patch("sys.stdout", io.StringIO()):
            graceful_shutdown.run(main)
        self.assertEqual(3, ended)

    def test_idle_server_ends_at_once(self):
        async def main():
            graceful_shutdown.accept("short", 1)
            self.assertEqual(1, len(graceful_shutdown.under_way))
            await asyncio.sleep(2)
            self.assertEqual(set(), graceful_shutdown.under_way)  # what's done is forgotten
            with mock.patch.object(graceful_shutdown, "accept"):
                await graceful_shutdown.main()
            self.assertEqual(3, now())

        with mock.patch("sys.stdout", io.StringIO()):
            self.run_async(main)

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
        while alive(pid) and time.monotonic() < end:
            time.sleep(0.001)
        self.assertFalse(alive(pid))

    @unittest.skipUnless(shutil.which("setsid"), "Linux only")
    def test_child_that_left_the_group_keeps_nobody(self):
        start = time.monotonic()
        with self.assertRaises(subprocess.TimeoutExpired):
            run_program.run_program(["sh", "-c", "setsid sleep 20 & sleep 20"], 0.3)
        self.assertLess(time.monotonic() - start, 15)

    @unittest.skipUnless(hasattr(os, "killpg"), "Unix only")
    def test_much_output_blocks_no_program(self):
        command = ["sh", "-c", "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2"]
        self.assertEqual(1_000_000, len(run_program.run_program(command, 60)))


def alive(pid):
    state = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True).stdout
    return bool(state) and not state.startswith("Z")


class Sharing(Recipe):
    def test_loaded_once(self):
        loads, ready = [], threading.Barrier(20)

        def load():
            loads.append(1)
            threading.Event().wait(0.01)  # so that all come meanwhile
            if len(loads) == 1:
                raise ConnectionError
            return 7

        once = load_once.Once(load)

        def get(_):
            ready.wait()
            try:
                return once.get()
            except ConnectionError:
                return None

        with ThreadPoolExecutor(20) as pool:
            got = list(pool.map(get, range(20)))
        self.assertEqual(2, len(loads))
        self.assertEqual(1, got.count(None))  # only the one that tried hears of it

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

        self.run_async(main)

    def test_what_passes_the_request_on(self):
        async def main():
            request_values.request_id.set(7)
            loop = asyncio.get_running_loop()
            self.assertEqual("[7] x", await asyncio.to_thread(request_values.log, "x"))
            self.assertEqual("[-] x", await loop.run_in_executor(None, request_values.log, "x"))
            context = contextvars.copy_context()
            self.assertEqual("[7] x", await loop.run_in_executor(None, context.run, request_values.log, "x"))

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
