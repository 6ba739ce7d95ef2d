"""Migrations make the tables that the statements are written over, and can be taken back."""

import asyncio
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Connection, Table, Text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import adapters.postgres
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.postgres.migrate import downgrade, status, upgrade
from adapters.postgres.segments import InventoryUpkeep
from adapters.postgres.tables import metadata
from core.inventory.domain.movement import MovementEvent, Outcome
from tests.support.events import World
from tests.support.postgres import postgres_subject, store_of

for module in iter_modules(adapters.postgres.__path__):
    import_module(f"adapters.postgres.{module.name}")  # each module may have its tables in a file of its own

SEGMENT = re.compile(r"event_\d+|settled_\d+_\d+(_filter)?|schema_version")


def _is_ours(thing: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Segments and runs of keys are made as they are needed, and Alembic keeps its own table."""
    table = name if kind == "table" else getattr(getattr(thing, "table", None), "name", None)
    return table is None or not SEGMENT.fullmatch(table)


def _differences(connection: Connection) -> list[Any]:
    opts = {"include_schemas": True, "include_object": _is_ours, "compare_type": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=opts), metadata))


async def _compare(url: str) -> list[Any]:
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_differences)
    finally:
        await engine.dispose()


def test_the_tables_of_the_statements_are_those_of_the_migrations(fresh_postgres_url: str) -> None:
    assert asyncio.run(_compare(fresh_postgres_url)) == []


def test_a_difference_would_be_seen(fresh_postgres_url: str) -> None:
    planted = Table("planted", metadata, Column("id", Text), schema="inventory")
    try:
        assert [kind for kind, *_ in asyncio.run(_compare(fresh_postgres_url))] == ["add_table"]
    finally:
        metadata.remove(planted)


def test_every_branch_goes_up_and_down_and_up_again(new_database: Callable[[], str]) -> None:
    url = new_database()
    for branch in status(url):
        assert branch.is_current
        downgrade(url, branch.module, "base")
        assert {each.module: each.current for each in status(url)}[branch.module] is None
    upgrade(url)
    assert all(branch.is_current for branch in status(url))
    assert asyncio.run(_compare(url)) == []


def test_what_is_known_of_old_events_goes_up_and_down(new_database: Callable[[], str]) -> None:
    """A settled segment, a frozen one and the hot one, in the layout before runs and in that of today."""
    url, w = new_database(), World()
    events = [w.arrival(number, source=1000, envelope=number) for number in range(4)]
    asyncio.run(_fill_segments(url, events))
    downgrade(url, "inventory", "inventory_0007")
    assert asyncio.run(_count(url, "SELECT count(*) FROM inventory.settled_key")) == 2 * 2
    wanted = "array(SELECT unnest(ARRAY[movement_id, envelope_id]) FROM inventory.event)"
    assert asyncio.run(_count(url, f"SELECT count(*) FROM inventory.old_keys({wanted})")) == 3 * 2
    upgrade(url)
    assert asyncio.run(_count(url, f"SELECT count(*) FROM inventory.old_places({wanted})")) == 3 * 2
    assert asyncio.run(_outcomes(url, events)) == [Outcome.DUPLICATE] * 4


async def _fill_segments(url: str, events: Sequence[MovementEvent]) -> None:
    async with store_of(url) as store:
        subject, upkeep = postgres_subject(store), InventoryUpkeep(store, rows=1)
        await subject.apply(*events[:2])
        await upkeep.keep_up()
        await subject.apply(events[2])
        async with store.connection() as connection:
            await connection.execute("SELECT setval('inventory.event_seq', last_value + 1) FROM inventory.event_seq")
        await upkeep._freeze()
        await subject.apply(events[3])


async def _outcomes(url: str, events: Sequence[MovementEvent]) -> list[Outcome]:
    async with store_of(url) as store:
        return [verdict.outcome for verdict in await postgres_subject(store).apply(*events)]


async def _count(url: str, query: str) -> int:
    async with store_of(url) as store, store.connection() as connection:
        return int(await connection.fetchval(query))


def test_upgrades_at_once_wait_for_each_other(postgres_server: EmbeddedPostgres) -> None:
    url = postgres_server.create_database("at_once", "template1")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, [url] * 4))
    assert all(branch.is_current for branch in status(url))
