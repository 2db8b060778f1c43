"""Programs are run: one is done, one fails, one takes too long and has a child."""
import contextlib
import os
import signal
import subprocess
import sys


def run_program(command, seconds):
    """Returns what it prints. If it takes longer, it's killed, and its children too."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, errors="replace",
                          start_new_session=True) as program:
        try:
            output, errors = program.communicate(timeout=seconds)
        except BaseException:  # a timeout, Ctrl-C
            kill_family(program.pid)
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.communicate(timeout=1)  # somebody may still have its output
            raise
    if program.returncode:
        raise subprocess.CalledProcessError(program.returncode, command, output, errors)
    return output


def kill_family(pid):
    if os.name == "nt":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(pid)], capture_output=True)
    else:
        os.killpg(pid, signal.SIGKILL)


HELLO = "print('hello')"
NO_DISK = "import sys; print('no disk', file=sys.stderr); sys.exit(3)"
SLEEP = "import time; time.sleep(3600)"
CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{SLEEP}'])"


def main():
    print(run_program([sys.executable, "-c", HELLO], 60), end="")
    try:
        run_program([sys.executable, "-c", NO_DISK], 60)
    except subprocess.CalledProcessError as error:
        print(f"exit code {error.returncode}: {error.stderr}", end="")
    try:
        run_program([sys.executable, "-c", CHILD], 0.2)
    except subprocess.TimeoutExpired:
        print("killed: it took too long")


if __name__ == "__main__":
    main()
