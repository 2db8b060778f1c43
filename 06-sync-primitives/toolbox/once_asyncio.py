"""A hundred tasks ask for the menu, and it's printed once."""
import asyncio

printed = []


async def print_menu():
    printed.append("a menu")
    await asyncio.sleep(0)  # meanwhile, the others ask
    return "soup, cake, tea"


class Menu:
    printing = None

    async def get(self):
        if self.printing is None:  # no await from here to the next line
            self.printing = asyncio.create_task(print_menu())
        return await asyncio.shield(self.printing)


async def main():
    menu = Menu()
    await asyncio.gather(*(menu.get() for _ in range(100)))
    print("100 ask, printed:", len(printed))
    print("the menu:", await menu.get())


if __name__ == "__main__":
    asyncio.run(main())
