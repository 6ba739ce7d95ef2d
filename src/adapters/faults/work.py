"""Units of work of another adapter that fail by a plan."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adapters.faults.plan import Plan
from core.inventory.ports import InventoryWork
from core.kernel.outbox import Delivery
from core.kernel.requests import RequestKey
from core.kernel.work import OpenWork


@dataclass(frozen=True, slots=True)
class FaultyWork(OpenWork[InventoryWork]):
    """Fails before anything, before the commit, or after it: then all is kept and the caller does not know."""

    inner: OpenWork[InventoryWork]
    plan: Plan

    @asynccontextmanager
    async def __call__(
        self, delivery: Delivery | None = None, request: RequestKey | None = None
    ) -> AsyncIterator[InventoryWork]:
        """Open one of the other adapter."""
        await self.plan.reach("work.open")
        async with self.inner(delivery, request) as work:
            yield work
            await self.plan.reach("work.commit.before")
        await self.plan.reach("work.commit.after")
