# Needs Python 3.11 or later.
"""Photos are opened, shrunk and uploaded. The uploads are slow, so the others wait."""
import asyncio


async def open_all(photos, large):
    for photo in photos:
        await large.put(photo)  # waits until there's room
    await large.put(None)  # no more will come


async def shrink(large, small):
    while (photo := await large.get()) is not None:
        # What computes goes here: photo = await asyncio.to_thread(resize, photo)
        await small.put(photo)
    await small.put(None)


async def upload(small, up):
    while (photo := await small.get()) is not None:
        await asyncio.sleep(0.01)  # put your upload here
        up.append(photo)
    await small.put(None)  # for the other upload


async def main(photos=range(1, 6)):
    large, small, up = asyncio.Queue(maxsize=1), asyncio.Queue(maxsize=1), []
    async with asyncio.TaskGroup() as stages:  # one fails: all end
        stages.create_task(open_all(photos, large))
        stages.create_task(shrink(large, small))
        for _ in range(2):  # two uploads at once
            stages.create_task(upload(small, up))
    print(len(up), "photos are up")


if __name__ == "__main__":
    asyncio.run(main())
