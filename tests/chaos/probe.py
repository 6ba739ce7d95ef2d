"""A module whose one reaction notes every delivery in the transaction of its being done; and a scheduler with it.

What it notes are entries of the audit trail, since these are only ever added.
"""

import os
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from core.inventory.ports import InventoryWork
from core.kernel.audit import AuditEntry
from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.ids import Ids
from core.kernel.manifest import Module, Reaction
from core.kernel.outbox import Delivery
from core.kernel.work import OpenWork
from entrypoints.cli.processes import run_alone
from entrypoints.scheduler.main import run
from entrypoints.shared.modules import MODULES

NOTED = "chaos.noted"
CURE = "CHAOS_CURE"


class Happened(Fact, frozen=True, kw_only=True):
    """Something happened at a place, for the nth time there; a poisonous one cannot be noted before there is a cure."""

    name: ClassVar[str] = "chaos.happened"
    version: ClassVar[int] = 1

    place: str
    n: int
    poisonous: bool = False

    def key(self) -> str:
        """The place."""
        return self.place


@dataclass(frozen=True, slots=True)
class NoteDelivery:
    """Keep that a delivery came."""

    work: OpenWork[InventoryWork]
    clock: Clock
    ids: Ids

    async def __call__(self, delivery: Delivery) -> None:
        """Note it.

        :raises ValueError: it is poisonous.
        """
        fact = delivery.fact(Happened)
        if fact.poisonous and not Path(os.environ[CURE]).exists():
            raise ValueError(f"{fact.place} {fact.n} is poison")
        async with self.work(delivery=delivery) as work:
            details = {"id": str(delivery.id)}
            entry = AuditEntry(
                id=self.ids.new(),
                at=self.clock.now(),
                actor="chaos",
                action=NOTED,
                object_id=fact.place,
                details=details,
            )
            await work.audit.record([entry])


PROBE = Module(
    name="chaos",
    summary="Notes what it is told.",
    use_cases=(NoteDelivery,),
    facts=(Happened,),
    reactions=(Reaction(name=NOTED, facts=(Happened,), use_case=NoteDelivery),),
)
WITH_PROBE = (*MODULES, PROBE)


if __name__ == "__main__":
    sys.exit(run_alone("scheduler", partial(run, modules=WITH_PROBE), {}, i_know=False))
