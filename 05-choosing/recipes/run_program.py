"""Programs are run: one is done, one fails, one takes too long and has a child."""
import contextlib
import os
import signal
import subprocess


def run_program(command, seconds):
    """Returns what it prints. If it takes longer, it's killed, and its children too."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, errors="replace",
                          start_new_session=True) as program:
        try:
            output, errors = program.communicate(timeout=seconds)
        except BaseException:  # a timeout, Ctrl-C
            os.killpg(program.pid, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.communicate(timeout=1)  # somebody may still have its output
            raise
    if program.returncode:
        raise subprocess.CalledProcessError(program.returncode, command, output, errors)
    return output


def main():
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
