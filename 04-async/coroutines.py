"""Which awaits let others run, and which go straight on?"""
import asyncio


async def others_ran(thing):
    """Awaits a thing, and tells whether anything else ran meanwhile."""
    ran = []
    asyncio.get_running_loop().call_soon(ran.append, "somebody else")
    await thing
    before_we_went_on = bool(ran)
    await asyncio.sleep(0)
    return before_we_went_on


async def chop():
    return "onions"


async def look():
    finished = asyncio.create_task(chop())
    await finished
    full = asyncio.Queue()
    full.put_nowait("soup")
    return {
        "a sleep of 0": await others_ran(asyncio.sleep(0)),
        "a task that has just been made": await others_ran(asyncio.create_task(chop())),
        "a task that has ended": await others_ran(finished),
        "a queue that has something": await others_ran(full.get()),
        "a coroutine that doesn't wait": await others_ran(chop()),
    }


if __name__ == "__main__":
    for thing, ran in asyncio.run(look()).items():
        print(thing + ":", "others ran" if ran else "nobody else ran")
