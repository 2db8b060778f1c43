"""Forty pages, ten at a time."""
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen


def download(url):
    with urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def download_all(urls):
    with ThreadPoolExecutor(max_workers=10) as pool:
        return list(pool.map(download, urls))  # in the order of the URLs


def main():
    urls = [f"data:,page {n}" for n in range(1, 41)]  # put yours here
    pages = download_all(urls)
    print(len(pages), "pages,", sum(map(len, pages)), "characters")


if __name__ == "__main__":
    main()
