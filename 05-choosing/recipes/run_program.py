"""Programs are run: one is done, one fails, one takes too long and has a child."""
import contextlib
import os
import signal
import subprocess
import sys
import tempfile

running, stopping = set(), []  # in all threads


def run_program(command, seconds):
    """Returns what it prints. If it takes longer, it's killed, and its children too."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        program = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=errors, start_new_session=True)
        running.add(program)
        try:
            if stopping:
                sys.exit(143)
            program.wait(seconds)  # a child may go on: with a pipe we'd wait for it, too
        finally:
            if program.poll() is None:  # a timeout, Ctrl-C
                kill(program)
                program.wait()
            running.discard(program)
        text = [os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0)
                .decode(errors="replace") for file in (output, errors)]
    if program.returncode:
        raise subprocess.CalledProcessError(program.returncode, command, *text)
    return text[0]


def kill(*programs):
    for program in programs:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)


def stop(*_):  # on SIGTERM, or the programs would live on
    stopping.append(True)
    kill(*tuple(running))
    sys.exit(143)


def main():
    signal.signal(signal.SIGTERM, stop)
    for command, seconds in ((["echo", "hello"], 60),
                             (["sh", "-c", "echo no disk >&2; exit 3"], 60),
                             (["sh", "-c", "sleep 3600 & sleep 3600"], 0.05)):
        try:
            print(run_program(command, seconds), end="")
        except subprocess.CalledProcessError as error:
            print(f"exit code {error.returncode}: {error.stderr}", end="")
        except subprocess.TimeoutExpired:
            print("killed: it took too long")


if __name__ == "__main__":
    main()
