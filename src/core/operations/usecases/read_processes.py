"""See which processes work."""

from dataclasses import dataclass

from core.kernel.actor import Actor
from core.operations.api import ProcessView
from core.operations.permissions import READ
from core.operations.ports import ProcessReader


@dataclass(frozen=True, slots=True)
class ListProcesses:
    """Processes of Soty that work on the store, on whatever machine."""

    reader: ProcessReader

    async def __call__(self, actor: Actor) -> list[ProcessView]:
        """All that are connected now, by part and age.

        :raises Unavailable: the store does not answer.
        """
        actor.require(READ)
        return await self.reader.processes()
