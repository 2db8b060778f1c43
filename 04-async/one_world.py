"""Does Ada let Bob go on?"""
import asyncio
import threading


async def cook(name, awaits, turns):
    for _ in range(3):
        turns.append(name)
        if awaits:
            await asyncio.sleep(0)


async def cook_together(ada_awaits):
    turns = []
    await asyncio.gather(cook("Ada", ada_awaits, turns), cook("Bob", True, turns))
    return turns


def spin_until_told():
    told = False
    spins = threading.Event()

    def ada():
        spins.set()
        while not told:
            pass

    thread = threading.Thread(target=ada)
    thread.start()
    spins.wait()
    told = True  # we could write this, so she was interrupted
    thread.join()


if __name__ == "__main__":
    print("tasks, Ada awaits:", *asyncio.run(cook_together(True)))
    print("tasks, she doesn't:", *asyncio.run(cook_together(False)))
    spin_until_told()
    print("not tasks: Ada was interrupted")
