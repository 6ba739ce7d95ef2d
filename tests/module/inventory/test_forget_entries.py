"""Entries that could not be forgotten are told of, and forgotten later."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from adapters.memory.cache import MemoryCache
from adapters.memory.clock import FakeClock
from core.inventory.events import EntriesStale
from core.inventory.usecases.forget_entries import ForgetEntries, forget
from core.kernel.errors import Unavailable
from core.kernel.outbox import Delivery
from tests.support.memory import memory_subject


class Deaf(MemoryCache):
    """A cache that is away."""

    async def forget(self, keys: Sequence[str]) -> bool:
        """Not done."""
        return False


def delivery(clock: FakeClock) -> Delivery:
    """A fact about one entry, made now."""
    return Delivery(
        subscriber="inventory.cache",
        seq=1,
        id=UUID(int=1),
        name=EntriesStale.name,
        version=1,
        key="a",
        lane=0,
        fence=1,
        payload=b'{"keys":["a"]}',
        occurred_at=clock.now(),
    )


async def test_a_delivery_comes_again_while_the_cache_is_away() -> None:
    clock = FakeClock()
    with pytest.raises(Unavailable):
        await ForgetEntries(Deaf(clock), memory_subject().open_work, clock)(delivery(clock))


async def test_nothing_is_told_where_forgetting_was_done() -> None:
    subject, clock = memory_subject(), FakeClock()
    await forget(MemoryCache(clock), subject.open_work, ["a"])
    assert subject.heard == []
