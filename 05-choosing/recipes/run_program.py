# On Linux and macOS.
"""Programs are run: one is done, one fails, one takes too long and has a child."""
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading

running, stopping = set(), threading.Event()  # in all threads


def run_program(command, seconds):
    """Returns what it prints. If it takes longer, it's killed, and its children too."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        program = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=errors, start_new_session=True)
        running.add(program)
        try:
            if stopping.is_set():
                sys.exit(143)
            program.wait(seconds)  # a child may go on: with a pipe we'd wait for it, too
        except BaseException:  # a timeout, Ctrl-C
            kill(program)
            program.wait()
            raise
        finally:
            running.discard(program)
        text = [os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0)
                .decode(errors="replace") for file in (output, errors)]
    if program.returncode:
        raise subprocess.CalledProcessError(program.returncode, command, *text)
    return text[0]


def kill(program):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)


def stop(*_):  # on SIGTERM, or the programs would live on
    stopping.set()
    for program in tuple(running):
        kill(program)
    sys.exit(143)


def main():
    signal.signal(signal.SIGTERM, stop)
    print(run_program(["echo", "hello"], 60), end="")
    try:
        run_program(["sh", "-c", "echo no disk >&2; exit 3"], 60)
    except subprocess.CalledProcessError as error:
        print(f"exit code {error.returncode}: {error.stderr}", end="")
    try:
        run_program(["sh", "-c", "sleep 3600 & sleep 3600"], 0.05)
    except subprocess.TimeoutExpired:
        print("killed: it took too long")


if __name__ == "__main__":
    main()
