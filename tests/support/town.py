"""An application on memory whose letters can be read, on a port of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import msgspec
import uvicorn
from dishka import Provider, Scope

from adapters.memory.facts import MemoryListener
from core.kernel.seal import Seal
from core.kernel.work import FactListener
from core.notifications.events import LetterWanted
from entrypoints.http.container import build
from entrypoints.http.main import assemble, listen
from tests.support.http import memory_settings

PASSWORD = "a walrus plays the tuba"
OTHER = "two walruses play the oboe"


class Town:
    """Where people live: the address of the application, and the letters that it wants sent."""

    def __init__(self, address: str, listener: MemoryListener, seal: Seal) -> None:
        self.address = address
        self._listener = listener
        self._seal = seal

    @property
    def letter(self) -> dict[str, str]:
        """What the newest letter says."""
        wanted = [fact for fact in self._listener.heard if isinstance(fact, LetterWanted)]
        return wanted[-1].opened(self._seal)

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
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve([listening]))
        try:
            seal: Seal = await container.get(Seal)
            yield Town(f"http://127.0.0.1:{listening.getsockname()[1]}", listener, seal)
        finally:
            server.should_exit = True
            await task
            await container.close()
