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
    with (tempfile.TemporaryFile("a+", errors="replace") as output,
          tempfile.TemporaryFile("a+", errors="replace") as complaints,
          subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                           stderr=complaints, start_new_session=True) as program):
        running.add(program)
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(0 if stopping else seconds)  # not for a child that it leaves behind
        finally:
            if late := program.poll() is None:  # a timeout, Ctrl-C
                kill(program)
            running.discard(program)
        text = [file.seek(0) or file.read() for file in (output, complaints)]
    if late or program.returncode:
        raise (subprocess.TimeoutExpired(command, seconds, *text) if late else
               subprocess.CalledProcessError(program.returncode, command, *text))
    return text[0]


def kill(program):  # and its children
    if os.name == "nt":
        return subprocess.run(["taskkill", "/T", "/F", "/PID", str(program.pid)], capture_output=True)
    os.killpg(program.pid, signal.SIGKILL)


def stop(*_):  # on SIGTERM, or the programs would live on
    stopping.append(True)
    for program in tuple(running):
        with contextlib.suppress(OSError):  # it has just ended
            kill(program)
    sys.exit(143)


def main():
    signal.signal(signal.SIGTERM, stop)
    for code, seconds in (("print('hello')", 60), ("raise SystemExit('no disk')", 60), (
            "import multiprocessing as m, time; m.Process(target=time.sleep, args=[3600]).start()", 0.2)):
        try:
            print(run_program([sys.executable, "-c", code], seconds), end="")
        except subprocess.CalledProcessError as error:
            print(f"exit code {error.returncode}: {error.stderr}", end="")
        except subprocess.TimeoutExpired:
            print("killed: it took too long")


if __name__ == "__main__":
    main()
