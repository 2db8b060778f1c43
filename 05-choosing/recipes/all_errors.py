# Needs Python 3.11 or later.
"""Four hosts are checked, and all that's wrong is reported."""
from concurrent.futures import ThreadPoolExecutor


def check_all(hosts, check):
    with ThreadPoolExecutor(10) as pool:
        futures = [pool.submit(check, host) for host in hosts]
    errors = []  # here, all of them are done
    for host, future in zip(hosts, futures):
        try:
            future.result()  # raises what was raised there
        except Exception as error:
            error.add_note(host)
            errors.append(error)
    if errors:
        raise ExceptionGroup(f"{len(errors)} of {len(hosts)} failed", errors)


def check(host):
    if host in ("db", "mail"):
        raise ConnectionRefusedError("connection refused")


if __name__ == "__main__":
    try:
        check_all(["web", "db", "cache", "mail"], check)
    except* ConnectionRefusedError as group:
        for error in group.exceptions:
            print(f"{error.__notes__[0]}: {error}")
