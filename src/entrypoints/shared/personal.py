"""All that is kept of a person, gathered from the modules that say in their manifests what they keep."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from core.kernel.actor import Actor, ProofNeeded
from core.kernel.clock import Clock
from core.kernel.manifest import Module
from core.kernel.paging import Page

AT_ONCE = 2
"""Exports that a process makes at the same time; the others wait, so that they never take the whole pool."""

PAGE = 200


class PersonalData(msgspec.Struct, frozen=True):
    """What Soty keeps of the person that asks: by module, then by part."""

    made_at: datetime
    modules: dict[str, dict[str, Any]]


Objects = Callable[[type], Awaitable[Any]]


class GatherPersonalData:
    """Asks one module after the other."""

    def __init__(self, modules: Iterable[Module], objects: Objects, clock: Clock) -> None:
        """:param objects: gives the use case of a type.
        :raises ValueError: a module names two parts alike.
        """
        self._parts = [(module.name, each) for module in modules for each in module.personal]
        names = [f"{module}.{each.part}" for module, each in self._parts]
        if doubled := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"used twice: {', '.join(doubled)}")
        self._objects = objects
        self._clock = clock
        self._room = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, actor: Actor) -> PersonalData:
        """Everything that is kept of the actor.

        :raises PersonNeeded: a service asks.
        :raises ProofNeeded: somebody acts in the name of the person; what is taken along is for the person alone.
        """
        actor.person()
        if actor.impersonator is not None:
            raise ProofNeeded
        modules: dict[str, dict[str, Any]] = {}
        async with self._room:
            for module, part in self._parts:
                read = await self._objects(part.use_case)
                found = await (_all_pages(read, actor) if part.pages else read(actor))
                modules.setdefault(module, {})[part.part] = found
        return PersonalData(self._clock.now(), modules)


async def _all_pages(read: Callable[..., Awaitable[Page[Any]]], actor: Actor) -> list[Any]:
    page = await read(actor, limit=PAGE)
    items = list(page.items)
    while page.next_cursor is not None:
        page = await read(actor, limit=PAGE, cursor=page.next_cursor)
        items += page.items
    return items


EXAMPLE: Mapping[str, dict[str, Any]] = {
    "identity": {"account": {"email": "ann@example.com"}, "addresses": [], "sessions": []}
}
