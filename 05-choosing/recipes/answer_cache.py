"""Three ask for the same page, and one download is enough."""
import asyncio


class Answers:
    """Asks once for all callers that want the same, and keeps the latest answers."""

    def __init__(self, ask, room):
        self.ask, self.room, self.tasks = ask, room, {}

    async def get(self, key):
        if key not in self.tasks:
            while len(self.tasks) >= self.room:
                del self.tasks[next(iter(self.tasks))]  # the oldest
            task = self.tasks[key] = asyncio.create_task(self.ask(key))
            task.add_done_callback(lambda task: self.drop_failure(key, task))
        # Shielded: if one stops waiting, the others still get the answer.
        return await asyncio.shield(self.tasks[key])

    def drop_failure(self, key, task):
        failed = task.cancelled() or task.exception()
        if failed and self.tasks.get(key) is task:
            del self.tasks[key]


async def main():
    asked = []

    async def download(page):
        asked.append(page)
        await asyncio.sleep(0)
        return page.upper()

    pages = Answers(download, room=2)
    print(*await asyncio.gather(pages.get("a"), pages.get("a"), pages.get("a")))
    for page in "b", "c", "a":  # the c needs the room of the a
        print(await pages.get(page))
    print("downloaded:", *asked)


if __name__ == "__main__":
    asyncio.run(main())
