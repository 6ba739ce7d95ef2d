"""Read quarantine."""

from dataclasses import dataclass
from uuid import UUID

from core.inventory.api import QuarantineState, QuarantineView
from core.inventory.domain.errors import QuarantineItemNotFound
from core.inventory.domain.movement import Reason
from core.inventory.permissions import QUARANTINE
from core.inventory.ports import QuarantineReader
from core.kernel.actor import Actor
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class GetQuarantineItem:
    """One quarantined message with its bytes."""

    reader: QuarantineReader

    async def __call__(self, actor: Actor, item_id: UUID) -> QuarantineView:
        """Read one item.

        :raises QuarantineItemNotFound: there is none.
        """
        actor.require(QUARANTINE)
        item = await self.reader.item(item_id)
        if item is None:
            raise QuarantineItemNotFound(id=str(item_id))
        return item


@dataclass(frozen=True, slots=True)
class ListQuarantine:
    """Messages that were not applied."""

    reader: QuarantineReader

    async def __call__(
        self,
        actor: Actor,
        *,
        state: QuarantineState | None = QuarantineState.OPEN,
        reason: Reason | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[QuarantineView]:
        """One page of items, newest first.

        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(QUARANTINE)
        return await self.reader.items(state, reason, limit, cursor)
