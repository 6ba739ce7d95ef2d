"""Follow facts as they are committed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.kernel.actor import Actor
from core.kernel.clock import Clock
from core.operations.api import FactsFollowed, FactView, Place
from core.operations.permissions import READ
from core.operations.ports import FactReader

AT_ONCE = 500
MOST_MISSING = 1000
AWAITED = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class FollowFacts:
    """Read what was committed since the last time.

    Numbers are given before the commit, so a fact of a lower number may come later than one of a higher; a number that
    is left out is asked for again for half a minute, which no transaction outlives.
    """

    reader: FactReader
    clock: Clock

    async def __call__(self, actor: Actor, place: Place | None = None) -> FactsFollowed:
        """Read on; without a place the newest 500 facts, or all if they are fewer.

        :raises Unavailable: the store does not answer.
        """
        actor.require(READ)
        if place is None:
            facts = await self.reader.last(AT_ONCE)
            place = Place(facts[0].seq - 1 if facts else 0, {})
            return FactsFollowed(facts, self._moved(place, facts), more=False)
        facts = await self.reader.after(place.seq, sorted(place.missing), AT_ONCE)
        newer = sum(fact.seq > place.seq for fact in facts)
        return FactsFollowed(facts, self._moved(place, facts), more=newer == AT_ONCE)

    def _moved(self, place: Place, facts: Sequence[FactView]) -> Place:
        now, found = self.clock.now(), {fact.seq for fact in facts}
        seq = max(place.seq, *found, 0)
        missing: Mapping[int, datetime] = {
            **{old: since for old, since in place.missing.items() if old not in found and now - since < AWAITED},
            **{new: now for new in range(max(place.seq, seq - MOST_MISSING) + 1, seq) if new not in found},
        }
        return Place(seq, dict(sorted(missing.items())[-MOST_MISSING:]))
