"""Four hosts are checked, and all that's wrong is reported."""
from concurrent.futures import ThreadPoolExecutor


def check_all(hosts, check):
    """Returns what failed: pairs of a host and its error."""
    def attempt(host):
        try:
            check(host)
        except Exception as error:
            return host, error

    with ThreadPoolExecutor(10) as pool:  # ten at a time
        return [failed for failed in pool.map(attempt, hosts) if failed]


def check(host):
    if host in ("db", "mail"):
        raise ConnectionRefusedError("connection refused")


if __name__ == "__main__":
    for host, error in check_all(["web", "db", "cache", "mail"], check):
        print(f"{host}: {error}")
