"""Let go of traces whose time is over."""

from dataclasses import dataclass
from datetime import timedelta

from core.identity.domain.places import REMEMBERED
from core.identity.traces import Leftovers
from core.kernel.actor import Actor
from core.kernel.clock import Clock

SHOWN = timedelta(days=30)
"""How long a session that is over stays in the list, so that its owner sees why it ended."""

SPENT = timedelta(days=1)
"""How long a code is kept that is good no more."""

BATCH, BATCHES = 1000, 50
"""How many rows go in one transaction, and how many such of each kind in one sweep; the next one goes on."""


@dataclass(frozen=True, slots=True)
class SweepTraces:
    """Drop the log of sign-ins, sessions and codes when nobody needs them any more."""

    leftovers: Leftovers
    clock: Clock

    async def __call__(self, actor: Actor) -> int:
        """Drop a bounded number of rows of each kind.

        :returns: how many rows were dropped.
        :raises Unavailable: the store does not answer; what was dropped before stays so.
        """
        now, gone = self.clock.now(), 0
        for drop, before in (
            (self.leftovers.drop_attempts, now - REMEMBERED),
            (self.leftovers.drop_sessions, now - SHOWN),
            (self.leftovers.drop_codes, now - SPENT),
        ):
            for _ in range(BATCHES):
                dropped = await drop(before, BATCH)
                gone += dropped
                if dropped < BATCH:
                    break
        return gone
