"""Sessions in use are written down many at once, and traces go when their time is over."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from adapters.memory.sessions import MemorySessionReader
from adapters.memory.store import MemoryStore
from core.identity.domain.session import TOUCHED
from core.identity.traces import AttemptReader, LastSeen
from core.identity.usecases import write_last_seen
from core.identity.usecases.sweep_traces import SweepTraces
from core.identity.usecases.write_last_seen import WriteLastSeen
from core.kernel.cache import LIFETIME_SECONDS
from core.kernel.errors import Unavailable
from tests.support.crowd import SOTY, Crowd
from tests.support.events import T0

DAY = 24 * 3600


class FlakyReader(MemorySessionReader):
    """Takes so many batches, then fails once, then takes all."""

    def __init__(self, store: MemoryStore, batches: int) -> None:
        super().__init__(store)
        object.__setattr__(self, "taken", [])
        object.__setattr__(self, "batches", batches)

    taken: list[list[UUID]]
    batches: int

    async def touch(self, seen: Mapping[UUID, datetime], apart: timedelta) -> None:
        """Take a batch, or fail."""
        if len(self.taken) == self.batches:
            object.__setattr__(self, "batches", -1)
            raise Unavailable(part="store")
        self.taken.append(list(seen))


async def test_a_session_in_use_is_written_down_once_a_minute(crowd: Crowd) -> None:
    session = await crowd.verified()
    begun, write = crowd.clock.now(), await crowd.get(WriteLastSeen)

    async def used_at() -> datetime:
        return (await crowd.sessions(actor))[session.session_id].used_at

    actor = await crowd.person(session)
    assert await write(SOTY) == 0
    crowd.clock.advance(TOUCHED.total_seconds() + 1)
    for _ in range(3):
        await crowd.person(session)
    assert await used_at() == begun
    assert await write(SOTY) == 1
    assert await used_at() == crowd.clock.now()
    crowd.clock.advance(LIFETIME_SECONDS + 1)
    await crowd.person(session)
    assert await write(SOTY) == 0


async def test_what_was_not_taken_is_written_down_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_last_seen, "BATCH", 2)
    seen, reader = LastSeen(), FlakyReader(MemoryStore(), 1)
    ids = [UUID(int=n) for n in range(1, 6)]
    for each in reversed(ids):
        seen.note(each, T0)
    write = WriteLastSeen(seen, reader)
    with pytest.raises(Unavailable):
        await write(SOTY)
    seen.note(ids[2], T0 + TOUCHED)
    assert await write(SOTY) == 3
    assert reader.taken == [ids[:2], ids[2:4], ids[4:]]
    assert seen.take() == {}


def test_what_is_newer_stays_when_something_is_put_back() -> None:
    seen = LastSeen()
    seen.note(UUID(int=1), T0 + TOUCHED)
    seen.put_back({UUID(int=1): T0, UUID(int=2): T0})
    assert seen.take() == {UUID(int=1): T0 + TOUCHED, UUID(int=2): T0}


async def test_sessions_are_shown_for_thirty_days_and_the_log_for_ninety(crowd: Crowd) -> None:
    old = await crowd.verified()
    sweep, reader = await crowd.get(SweepTraces), await crowd.get(AttemptReader)
    await sweep(SOTY)
    for days, sessions, attempts in ((59, 1, 1), (2, 0, 1), (28, 0, 1), (2, 0, 0)):
        crowd.clock.advance(days * DAY)
        await sweep(SOTY)
        store: MemoryStore = await crowd.get(MemoryStore)
        assert len(store.committed.sessions) == sessions
        assert len(await reader.attempts(old.account_id, 9, None)) == attempts
    assert len(store.committed.refresh_tokens) == len(store.committed.codes) == 0
