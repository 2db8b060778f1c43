"""A worker dies at its work. What was lost runs again, in a new pool."""
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress


def serve(table, trap):
    """Serves the table. If there's a trap, the first worker to come dies."""
    if trap and os.path.exists(trap):
        os.remove(trap)
        os._exit(1)  # as after a bug in C code, or when memory is short
    return f"table {table} is served"


def serve_all(orders, tries=3):
    served = {}
    for _ in range(tries):
        jobs = {}
        with ProcessPoolExecutor(2) as pool, suppress(BrokenProcessPool):
            for order in orders:
                if order not in served:
                    jobs[order] = pool.submit(serve, *order)
        for order, job in jobs.items():
            if not isinstance(job.exception(), BrokenProcessPool):
                served[order] = job.result()
        if len(served) == len(orders):
            return served.values()
    raise RuntimeError(f"{len(orders) - len(served)} orders killed their workers")


def main():
    with tempfile.TemporaryDirectory() as folder:
        trap = os.path.join(folder, "trap")
        open(trap, "w").close()
        orders = [(table, trap if table == 2 else None) for table in range(4)]
        print(*sorted(serve_all(orders)), sep="\n")


if __name__ == "__main__":
    main()
