# Needs Python 3.11 or later.
"""A queue with room for two orders, and two cooks that take them."""
import asyncio


async def serve(orders, served):
    while True:
        dish = await orders.get()
        served.append(dish)
        orders.task_done()  # this one is done


async def main():
    orders, served = asyncio.Queue(maxsize=2), []
    await orders.put("soup")
    await orders.put("cake")
    try:
        orders.put_nowait("tea")
    except asyncio.QueueFull:
        print("two orders, and there's no room for a third")

    async with asyncio.TaskGroup() as kitchen:  # a cook's error ends all of it
        cooks = [kitchen.create_task(serve(orders, served)) for _ in range(2)]
        for dish in "tea", "pie":
            await orders.put(dish)  # waits while there are two
        await orders.join()  # until all that were put are done
        for cook in cooks:
            cook.cancel()
    print("served:", *served)


if __name__ == "__main__":
    asyncio.run(main())
