# Needs Python 3.11 or later.
"""Three ask for the same page, and one download is enough."""
import asyncio
import contextvars
import time


class Answers:
    """Asks once for all callers that want the same, and keeps the latest answers."""

    def __init__(self, ask, room, seconds):
        self.ask, self.room, self.seconds = ask, room, seconds
        self.running, self.kept = {}, {}

    async def get(self, key):
        answer, until = self.kept.get(key, (None, 0))
        if time.monotonic() < until:
            return answer
        if key not in self.running:
            # In an empty context: it's no single caller's request.
            task = asyncio.create_task(self.ask(key), context=contextvars.Context())
            self.running[key] = task
            task.add_done_callback(lambda task: self.keep(key, task))
        # Shielded: if one stops waiting, the others still get the answer.
        return await asyncio.shield(self.running[key])

    def keep(self, key, task):
        del self.running[key]
        self.kept.pop(key, None)
        if task.cancelled() or task.exception():
            return  # don't keep a failure
        self.kept[key] = task.result(), time.monotonic() + self.seconds
        if len(self.kept) > self.room:
            del self.kept[next(iter(self.kept))]  # the oldest


async def main():
    asked = []

    async def download(page):
        asked.append(page)
        await asyncio.sleep(0)
        return page.upper()

    pages = Answers(download, room=2, seconds=60)
    print(*await asyncio.gather(pages.get("a"), pages.get("a"), pages.get("a")))
    for page in "b", "c", "a":  # the c needs the room of the a
        print(await pages.get(page))
    print("downloaded:", *asked)


if __name__ == "__main__":
    asyncio.run(main())
