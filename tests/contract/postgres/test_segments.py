"""The promises hold however often the ledger turns to a new segment: here after every unit of work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from uuid import uuid4

import pytest

from adapters.postgres.segments import WIDTH, InventoryUpkeep
from adapters.postgres.settled_runs import (
    BUCKET_WIDTH,
    FILTERED,
    Run,
    create_tables,
    merge_slice,
    next_merge,
    places_in_runs,
    runs_of,
)
from adapters.postgres.store import PostgresStore
from contracts.ports.stock_book import ShortageSuite, StockBookSuite
from contracts.ports.stock_book_races import RacesSuite
from contracts.ports.subject import Subject
from core.inventory.domain.movement import Outcome
from core.inventory.domain.stock import Shortage
from core.inventory.ports import InventoryWork
from core.kernel.errors import Contended
from core.kernel.outbox import Delivery
from core.kernel.requests import RequestKey
from core.kernel.work import OpenWork
from tests.support.events import T0, World
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

    async def test_keys_are_written_once_though_the_rest_is_cut_short(self, store: PostgresStore) -> None:
        subject, upkeep, w = postgres_subject(store), InventoryUpkeep(store, rows=1), World()
        await subject.apply(w.arrival(1, source=1000, envelope=1), w.arrival(2))
        await upkeep._freeze()
        assert await upkeep._write_run() == await upkeep._write_run() == 0
        assert (await _segments(store))[0] == (0, "frozen")
        await upkeep.keep_up()
        assert (await _segments(store))[0] == (0, "settled")
        assert await _keys(store) == 3

    async def test_neighbours_of_one_length_are_merged(self, store: PostgresStore) -> None:
        """Eleven segments are runs of eight, two and one; every repeat and every pair of the past is still known."""
        subject, upkeep, w = postgres_subject(store), InventoryUpkeep(store, rows=1), World()
        for number in range(11):
            second = w.arrival(2 * number + 1, source=1000, envelope=number)
            await subject.apply(w.departure(2 * number), w.arrival(2 * number), second)
            await upkeep.keep_up()
        async with store.connection() as connection:
            assert await runs_of(connection) == [Run(0, 7), Run(8, 9), Run(10, 10)]
            assert sorted(await connection.fetch(_RUNS)) == [("settled_0_7",), ("settled_10_10",), ("settled_8_9",)]
        assert await _keys(store) == 11 * 4
        again = await subject.apply(*(w.arrival(number) for number in range(22)))
        assert {verdict.outcome for verdict in again} == {Outcome.DUPLICATE}
        other = await subject.apply(*(w.arrival(100 + each, source=1000, envelope=each) for each in range(11)))
        assert {verdict.outcome for verdict in other} == {Outcome.REJECTED}
        late = await subject.apply(*(w.departure(2 * number + 1, product=2) for number in range(11)))
        assert {verdict.outcome for verdict in late} == {Outcome.REJECTED}
        ids = [w.movement(number) for number in range(22)]
        assert all([await subject.movements.movement(each) for each in ids])

    def test_runs_are_merged_as_a_counter_carries(self) -> None:
        ones = [Run(number, number) for number in range(7)]
        assert next_merge([]) == next_merge(ones[:1]) == next_merge([Run(0, 1), ones[2]]) == []
        assert next_merge([Run(0, 1), ones[2], ones[3]]) == [Run(0, 1), ones[2], ones[3]]
        assert next_merge([Run(0, 3), ones[4], ones[5]]) == ones[4:6]
        assert next_merge(ones) == ones[:4]

    async def test_a_merge_that_was_cut_short_is_finished(self, store: PostgresStore) -> None:
        subject, upkeep, w = postgres_subject(store), InventoryUpkeep(store, rows=1), World()
        for number in range(2):
            await subject.apply(*(w.arrival(each) for each in range(8 * number, 8 * number + 8)))
            await upkeep._freeze()
            await upkeep._settle()
        one, two = Run(0, 0), Run(1, 1)
        async with store.transaction() as connection:
            assert await merge_slice(connection, [one, two])
        async with store.connection() as connection:
            begun = await connection.fetchval("SELECT sum(cardinality(places)) FROM inventory.settled_0_1")
            assert 0 < begun < 16
            assert await runs_of(connection) == [one, two]
        await upkeep.keep_up()
        assert await _keys(store) == 16

    async def test_a_place_of_another_event_is_no_repeat(self, store: PostgresStore) -> None:
        """Two ids may have one print; here the run itself points at somebody else's event."""
        subject, upkeep, w = postgres_subject(store), InventoryUpkeep(store, rows=1), World()
        await subject.apply(w.arrival(1), w.arrival(2))
        await upkeep.keep_up()
        async with store.connection() as connection:
            await connection.execute(
                "UPDATE inventory.settled_0_0 SET places = array(SELECT $1 - place FROM unnest(places) place)", 1
            )
        assert await subject.movements.movement(w.arrival(1).movement_id) is None
        assert [verdict.outcome for verdict in await subject.apply(w.arrival(1))] == [Outcome.APPLIED]

    async def test_an_id_that_the_filter_of_a_run_does_not_let_through_is_not_looked_for(
        self, store: PostgresStore
    ) -> None:
        subject, upkeep, w = postgres_subject(store), InventoryUpkeep(store, rows=1), World()
        await subject.apply(w.arrival(1), w.arrival(2))
        await upkeep.keep_up()
        async with store.connection() as connection:
            assert await connection.fetchval("SELECT sum(bit_count(bits)) FROM inventory.settled_0_0_filter") == 2
            await connection.execute(
                "UPDATE inventory.settled_0_0_filter SET bits = decode(repeat('00', length(bits)), 'hex')"
            )
        assert await subject.movements.movement(w.arrival(1).movement_id) is None

    async def test_filters_let_all_keys_of_their_runs_through_and_few_others(self, store: PostgresStore) -> None:
        """Two runs of thousands of keys are merged slice by slice; the first slice begins amid a row of the filter."""
        one, two, both = Run(0, 0), Run(1, 1), Run(0, 1)
        async with store.transaction() as connection:
            drawn = await connection.fetch(_DRAWN.format(one.bucket("hash")), [uuid4() for _ in range(10_000)])
            ids = [each for (each,) in drawn]
            for run in (one, two):
                await connection.execute(create_tables(run))
                await connection.execute(_KEEP.format(run.table, run.bucket("hash")), ids, run.first)
            while await merge_slice(connection, [one, two]):
                pass
            await connection.execute("SET LOCAL enable_hashjoin = on; SET LOCAL enable_nestloop = off")
            wanted = [*ids, *(uuid4() for _ in ids)]
            found = await connection.fetch(places_in_runs([both]).replace("$1", "$1::uuid[]"), wanted)
            filtered = f"SELECT sum(bit_count(bits)), array_agg(DISTINCT length(bits)) FROM {both.filter}"
            bits, lengths = await connection.fetchrow(filtered)
        assert sorted(place for _, place in found) == list(range(len(ids)))
        assert all(ids[place] == each for each, place in found)
        assert 0.98 * len(ids) < bits <= len(ids)
        assert lengths == [FILTERED * BUCKET_WIDTH // 8]

    async def test_what_is_settled_is_looked_through_beside_and_before_the_end(self, store: PostgresStore) -> None:
        """The first batch is written before its repeat is known, and nothing of it stays."""
        subject, upkeep, w = postgres_subject(store), InventoryUpkeep(store, rows=1), World()
        await subject.apply(w.arrival(1), w.arrival(2))
        await upkeep.keep_up()
        with pytest.raises(Contended):
            async with subject.open_work() as work:
                await work.book.apply([w.arrival(3), w.arrival(1)], Shortage.PARK, T0)
        async with store.connection() as connection:
            assert await connection.fetchval("SELECT count(*) FROM inventory.event") == 2
        verdicts = await subject.apply(w.arrival(3), w.arrival(1))
        assert [verdict.outcome for verdict in verdicts] == [Outcome.APPLIED, Outcome.DUPLICATE]

    async def test_with_one_connection_it_is_looked_through_before(self, fresh_postgres_url: str) -> None:
        async with store_of(fresh_postgres_url, pool=1) as only:
            subject, upkeep, w = postgres_subject(only), InventoryUpkeep(only, rows=1), World()
            await subject.apply(w.arrival(1), w.arrival(2))
            await upkeep.keep_up()
            async with subject.open_work() as work:
                booked = await work.book.apply([w.arrival(3), w.arrival(1)], Shortage.PARK, T0)
        assert [verdict.outcome for verdict in booked.verdicts] == [Outcome.APPLIED, Outcome.DUPLICATE]

    async def test_events_are_found_by_their_places_in_any_segment(self, store: PostgresStore) -> None:
        subject, upkeep, w = postgres_subject(store), InventoryUpkeep(store, rows=1), World()
        for number in range(3):
            await subject.apply(w.arrival(2 * number), w.arrival(2 * number + 1))
            await upkeep.keep_up()
        async with store.connection() as connection:
            places = [seq for (seq,) in await connection.fetch("SELECT seq FROM inventory.event ORDER BY seq")]
            found = "SELECT seq FROM inventory.events_at($1) ORDER BY seq"
            assert [seq for (seq,) in await connection.fetch(found, [*places, places[-1] + 1])] == places
            assert [seq for (seq,) in await connection.fetch(found, places[1:4])] == places[1:4]
            assert await connection.fetch(found, []) == []
        assert len(places) == 6

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
    """How many there are in all runs."""
    async with store.connection() as connection:
        counted = [
            await connection.fetchval(f"SELECT sum(cardinality(places)) FROM {run.table}")
            for run in await runs_of(connection)
        ]
    return sum(counted)


_DRAWN = """
    SELECT id FROM (SELECT id, uuid_hash_extended(id, 0) AS hash FROM unnest($1::uuid[]) id) hashed WHERE {} >= 100"""
_KEEP = """
    INSERT INTO {0} SELECT bucket, array_agg(print ORDER BY print), array_agg(place ORDER BY print)
    FROM (SELECT {1} AS bucket, ((hash << 32) >> 32)::int AS print, place
        FROM (SELECT uuid_hash_extended(id, 0) AS hash, n - 1 AS place
            FROM unnest($1::uuid[]) WITH ORDINALITY given (id, n) WHERE n % 2 = $2) hashed) key GROUP BY bucket"""
_RUNS = r"SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^settled_\d+_\d+$'"


async def _keep(keeper: InventoryUpkeep) -> None:
    with suppress(Contended):
        await keeper.keep_up()


async def _segments(store: PostgresStore) -> list[tuple[int, str]]:
    async with store.connection() as connection:
        return [tuple(row) for row in await connection.fetch("SELECT * FROM inventory.segment ORDER BY number")]
