"""The promises hold however often the ledger turns to a new segment: here after every unit of work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest

from adapters.postgres.segments import WIDTH, InventoryUpkeep
from adapters.postgres.store import PostgresStore
from contracts.ports.stock_book import ShortageSuite, StockBookSuite
from contracts.ports.stock_book_races import RacesSuite
from contracts.ports.subject import Subject
from core.inventory.domain.movement import Outcome
from core.inventory.ports import InventoryWork
from core.kernel.errors import Contended
from core.kernel.outbox import Delivery
from core.kernel.requests import RequestKey
from core.kernel.work import OpenWork
from tests.support.events import World
from tests.support.postgres import postgres_subject, store_of


class Turning(OpenWork[InventoryWork]):
    """Turns to the next segment after every unit of work."""

    def __init__(self, inner: OpenWork[InventoryWork], upkeep: InventoryUpkeep) -> None:
        self._inner = inner
        self._upkeep = upkeep

    @asynccontextmanager
    async def __call__(
        self, delivery: Delivery | None = None, request: RequestKey | None = None
    ) -> AsyncIterator[InventoryWork]:
        async with self._inner() as work:
            yield work
        with suppress(Contended):
            await self._upkeep.keep_up()


class OnTurningSegments:
    """Every test starts with an empty database."""

    @pytest.fixture
    async def store(self, fresh_postgres_url: str) -> AsyncIterator[PostgresStore]:
        async with store_of(fresh_postgres_url) as store:
            yield store

    @pytest.fixture
    async def subject(self, store: PostgresStore) -> Subject:
        plain = postgres_subject(store)
        return replace(plain, open_work=Turning(plain.open_work, InventoryUpkeep(store, rows=0)))


class TestStockBook(OnTurningSegments, StockBookSuite):
    """Effects, repeats, pairs."""


class TestShortage(OnTurningSegments, ShortageSuite):
    """Departures that wait."""


class TestStreams(OnTurningSegments):
    """Streams of batches against the oracle, with everything read at the end."""

    test_batches_do_what_their_events_do_one_by_one = RacesSuite.test_batches_do_what_their_events_do_one_by_one
    test_halves_of_one_movement_at_once = RacesSuite.test_halves_of_one_movement_at_once


class TestSegments(OnTurningSegments):
    """The turn itself."""

    async def test_a_segment_turns_when_full_and_settles(self, store: PostgresStore) -> None:
        subject, upkeep, w = postgres_subject(store), InventoryUpkeep(store, rows=3), World()
        await subject.apply(*(w.arrival(n) for n in range(3)))
        await upkeep.keep_up()
        assert await _segments(store) == [(0, "hot")]
        await subject.apply(*(w.arrival(n) for n in range(3, 6)))
        await upkeep.keep_up()
        assert await _segments(store) == [(0, "settled"), (1, "hot")]
        await subject.apply(w.departure(1, 1), w.arrival(9))
        async with store.connection() as connection:
            places = await connection.fetch("SELECT seq FROM inventory.event WHERE seq >= $1", WIDTH)
            halves = await connection.fetchval("SELECT count(*) FROM inventory.open_half")
        assert len(places) == 2
        assert await _keys(store) == 6 * (2 if w.arrival(1).envelope_id else 1)
        assert halves == 1

    async def test_an_interrupted_turn_is_finished_later(self, store: PostgresStore) -> None:
        subject, w = postgres_subject(store), World()
        await subject.apply(w.arrival(1))
        async with store.connection() as connection:
            await connection.execute(f"SELECT setval('inventory.event_seq', {WIDTH})")
        with pytest.raises(Contended):
            await subject.apply(w.arrival(2))
        await InventoryUpkeep(store).keep_up()
        verdicts = await subject.apply(w.arrival(2), w.arrival(1))
        assert [verdict.outcome for verdict in verdicts] == [Outcome.APPLIED, Outcome.DUPLICATE]

    async def test_keys_are_merged_once_though_the_rest_is_cut_short(self, store: PostgresStore) -> None:
        subject, upkeep, w = postgres_subject(store), InventoryUpkeep(store, rows=1), World()
        await subject.apply(w.arrival(1), w.arrival(2))
        await upkeep._freeze()
        assert await upkeep._merge() == await upkeep._merge() == 0
        assert (await _segments(store))[0] == (0, "frozen")
        before = await _keys(store)
        await upkeep.keep_up()
        assert (await _segments(store))[0] == (0, "settled")
        assert await _keys(store) == before > 0

    async def test_keys_have_no_index_that_grows_from_nothing(self, store: PostgresStore) -> None:
        """A consumer stood still for minutes where its first pages were read while they should have been split."""
        subject, upkeep, w = postgres_subject(store), InventoryUpkeep(store, rows=1), World()
        assert not await _has_index(store)
        for number in range(2):
            await subject.apply(w.arrival(2 * number + 1), w.arrival(2 * number + 2))
            await upkeep.keep_up()
            assert await _has_index(store)

    async def test_many_keepers_at_once(self, store: PostgresStore) -> None:
        subject, w = postgres_subject(store), World()
        keepers = [InventoryUpkeep(store, rows=1) for _ in range(4)]
        for n in range(8):
            await subject.apply(w.arrival(n), w.arrival(n + 100))
            await asyncio.gather(*(_keep(keeper) for keeper in keepers))
        numbers = [number for number, _ in await _segments(store)]
        assert numbers == list(range(len(numbers)))
        verdicts = await subject.apply(*(w.arrival(n) for n in range(8)))
        assert {verdict.outcome for verdict in verdicts} == {Outcome.DUPLICATE}


async def _keys(store: PostgresStore) -> int:
    async with store.connection() as connection:
        return int(await connection.fetchval("SELECT count(*) FROM inventory.settled_key"))


async def _has_index(store: PostgresStore) -> bool:
    async with store.connection() as connection:
        return bool(await connection.fetchval("SELECT to_regclass('inventory.settled_key_id_idx') IS NOT NULL"))


async def _keep(keeper: InventoryUpkeep) -> None:
    with suppress(Contended):
        await keeper.keep_up()


async def _segments(store: PostgresStore) -> list[tuple[int, str]]:
    async with store.connection() as connection:
        return [tuple(row) for row in await connection.fetch("SELECT * FROM inventory.segment ORDER BY number")]
