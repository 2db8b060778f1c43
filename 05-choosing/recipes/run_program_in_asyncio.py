# Needs Python 3.11 or later, on Linux or macOS.
"""Programs are run, and each line is used as it comes."""
import asyncio
import contextlib
import os
import signal
import subprocess
import sys


async def run_program(command, seconds, use):
    """Calls use with each line. When it takes longer, or is cancelled, it's killed."""
    starting = asyncio.create_task(asyncio.create_subprocess_exec(
        *command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True, limit=2**20))  # no line is longer
    try:
        async with asyncio.timeout(seconds):
            program = await asyncio.shield(starting)  # cancelled in between, it would live on
            async for line in program.stdout:
                use(line.decode(errors="replace").rstrip("\r\n"))
            await program.wait()
    finally:
        program = await starting
        if program.returncode is None:  # it's late, or Ctrl-C, or use has failed
            with contextlib.suppress(ProcessLookupError, TimeoutError):
                os.killpg(program.pid, signal.SIGKILL)
                async with asyncio.timeout(1):  # a child that left the group may hold the pipe
                    await program.wait()
    if program.returncode:
        raise subprocess.CalledProcessError(program.returncode, command)


async def main():
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    loop.add_signal_handler(signal.SIGTERM, task.cancel)  # or the program would live on
    for code, seconds in ("print('hello')", 60), ("exit('no disk')", 60), ("import time; time.sleep(3600)", 0.2):
        try:
            await run_program([sys.executable, "-c", code], seconds, print)
        except subprocess.CalledProcessError as error:
            print(f"exit code {error.returncode}")
        except TimeoutError:
            print("killed: it took too long")


if __name__ == "__main__":
    asyncio.run(main())
