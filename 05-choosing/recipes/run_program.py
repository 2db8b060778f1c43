"""Programs are run: one is done, one fails, one takes too long."""
import contextlib
import os
import signal
import subprocess
import sys
import tempfile

running, stopping = set(), []  # in all threads


def run_program(command, seconds):
    """Returns what it prints. If it takes longer, it's killed, and its children too."""
    if stopping:
        raise RuntimeError("no program is started any more")
    with (tempfile.TemporaryFile("a+", errors="replace") as output,
          tempfile.TemporaryFile("a+", errors="replace") as complaints,
          subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                           stderr=complaints, start_new_session=True) as program):
        running.add(program)
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(0 if stopping else seconds)  # not for a child that it leaves behind
        finally:
            if late := program.poll() is None:
                kill(program)
            running.discard(program)
        for file in output, complaints:
            file.seek(0)
        said = output.read(), complaints.read()
    if late:
        raise subprocess.TimeoutExpired(command, seconds, *said)
    subprocess.CompletedProcess(command, program.returncode, *said).check_returncode()
    return said[0]


def kill(program):  # and its children
    if os.name == "nt":
        return subprocess.run(["taskkill", "/T", "/F", "/PID", str(program.pid)], capture_output=True)
    os.killpg(program.pid, signal.SIGKILL)


def stop(number, _):  # or what all threads have started would live on
    stopping.append(number)
    for program in tuple(running):
        with contextlib.suppress(OSError):  # it has just ended
            kill(program)
    sys.exit(128 + number)


if __name__ == "__main__":
    for number in signal.SIGINT, signal.SIGTERM:  # Ctrl-C, and kill
        signal.signal(number, stop)
    for code, limit in ("print('hello')", 60), ("exit('no disk')", 60), ("import time; time.sleep(3600)", 0.2):
        try:
            print(run_program([sys.executable, "-c", code], limit), end="")
        except subprocess.CalledProcessError as error:
            print(f"exit code {error.returncode}: {error.stderr}", end="")
        except subprocess.TimeoutExpired:
            print("killed: it took too long")
