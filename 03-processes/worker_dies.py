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


def serve_in_pool(orders):
    """Returns the answers to those orders that got one."""
    jobs = {}
    with ProcessPoolExecutor(2) as pool, suppress(BrokenProcessPool):
        for order in orders:
            jobs[order] = pool.submit(serve, *order)
    return {order: job.result() for order, job in jobs.items()
            if not isinstance(job.exception(), BrokenProcessPool)}


def serve_all(orders, tries=3):
    """Returns the answers, and the orders that got none in so many tries."""
    served = serve_in_pool(orders)
    for order in orders:
        for _ in range(tries - 1):
            if order not in served:  # alone now: it takes down only itself
                served.update(serve_in_pool([order]))
    return served, [order for order in orders if order not in served]


def main():
    with tempfile.TemporaryDirectory() as folder:
        trap = os.path.join(folder, "trap")
        open(trap, "w").close()
        orders = [(table, trap if table == 2 else None) for table in range(4)]
        served, lost = serve_all(orders)
        print(*sorted(served.values()), *lost, sep="\n")


if __name__ == "__main__":
    main()
