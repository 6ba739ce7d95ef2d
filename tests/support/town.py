"""An application on memory whose letters can be read, on a port of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import msgspec
import uvicorn
from dishka import AsyncContainer, Provider, Scope

from adapters.memory.facts import MemoryListener
from core.kernel.seal import Seal
from core.kernel.work import FactListener
from core.notifications.events import LetterWanted
from entrypoints.http.container import build
from entrypoints.http.main import assemble, in_place_of_a_scheduler
from entrypoints.shared.chores import background
from entrypoints.shared.listening import address_of, listen
from tests.support.eventually import eventually
from tests.support.http import memory_settings

PASSWORD = "a walrus plays the tuba"
OTHER = "two walruses play the oboe"


class Town:
    """Where people live: the address of the application, and the letters that it wants sent."""

    def __init__(self, address: str, container: AsyncContainer, listener: MemoryListener, seal: Seal) -> None:
        self.address = address
        self.container = container
        self._listener = listener
        self._seal = seal

    @property
    def letters(self) -> list[LetterWanted]:
        """All letters, oldest first."""
        return [fact for fact in self._listener.heard if isinstance(fact, LetterWanted)]

    @property
    def letter(self) -> dict[str, str]:
        """What the newest letter says."""
        return self.letters[-1].opened(self._seal)

    async def letter_of(self, name: str) -> dict[str, str]:
        """What the newest letter of a name says, once there is one; some are written behind the answer."""

        async def found() -> bool:
            return any(each.letter == name for each in self.letters)

        await eventually(found)
        return next(each for each in reversed(self.letters) if each.letter == name).opened(self._seal)

    def forget(self) -> None:
        """Throw all letters away."""
        self._listener.heard.clear()

    @property
    def link(self) -> str:
        """Where the link of the newest letter leads."""
        target = urlsplit(self.letter["link"])
        return f"{self.address}{target.path}?{target.query}"


@asynccontextmanager
async def town(*overrides: Provider, **settings: Any) -> AsyncIterator[Town]:
    """Serve while the block runs.

    :param settings: of the whole program, in the place of those of memory.
    """
    listener = MemoryListener([LetterWanted])
    heard = Provider(scope=Scope.APP)
    heard.provide(lambda: listener, provides=FactListener, override=True)
    container = build(msgspec.structs.replace(memory_settings(), **settings), heard, *overrides)
    with listen("127.0.0.1", 0) as listening:
        config = uvicorn.Config(await assemble(container), lifespan="off", log_config=None, access_log=False)
        server, stop = uvicorn.Server(config), asyncio.Event()
        try:
            async with background(*await in_place_of_a_scheduler(container, stop)):
                serving = asyncio.create_task(server.serve([listening]))
                yield Town(address_of(listening), container, listener, await container.get(Seal))
                server.should_exit = True
                await serving
        finally:
            stop.set()
            await container.close()
