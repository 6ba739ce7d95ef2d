"""Demo data: the same every time, loaded once however often, gone without a trace of it."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest
from dishka import AsyncContainer, Provider, Scope

from adapters.memory.clock import FakeClock
from adapters.postgres.tables import metadata
from core.inventory.api import MovementFlag, MovementStatus, StocktakeState
from core.inventory.ports import MovementFilter
from core.inventory.usecases.import_adjustments import ImportAdjustments
from core.inventory.usecases.queries.alerts import ListAlerts
from core.inventory.usecases.queries.movements import ListMovements
from core.inventory.usecases.queries.quarantine import ListQuarantine
from core.inventory.usecases.queries.stock import ListStocks
from core.inventory.usecases.queries.stocktakes import ListStocktakes
from core.inventory.usecases.receive_batch import ReceiveBatch
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from entrypoints.cli.containers.removing import remove_between
from entrypoints.cli.demo.loading import ACTOR, Loaded, is_loaded, load, plan_of
from entrypoints.cli.demo.plan import FIRST, LAST, SIZES, Plan, sheet
from entrypoints.http.container import build
from entrypoints.shared.settings import Settings
from tests.support.http import memory_settings, postgres_settings
from tests.support.program import Program
from tests.support.reading import pages

END = datetime(2026, 3, 2, tzinfo=UTC)
NOW = END + timedelta(hours=9)
LEFT_ALONE = {"audit", "segment", "lane", "answered"}


@pytest.fixture(params=["memory", "postgres"])
def settings(request: pytest.FixtureRequest) -> Settings:
    """Those of each storage, empty at first."""
    postgres = request.param == "postgres"
    return postgres_settings(request.getfixturevalue("fresh_postgres_url")) if postgres else memory_settings()


@pytest.fixture
async def container(settings: Settings) -> AsyncIterator[AsyncContainer]:
    """An application in the morning after the last day of the data."""
    provider = Provider(scope=Scope.APP)
    clock = FakeClock(NOW)
    provider.provide(lambda: clock, provides=Clock, override=True)
    found = build(settings, provider)
    yield found
    await found.close()


async def stocks(container: AsyncContainer) -> dict[tuple[UUID, UUID], int]:
    reader = await container.get(ListStocks)
    return {
        (each.warehouse_id, each.product_id): each.quantity
        for each in await pages(lambda cursor: reader(ACTOR, limit=200, cursor=cursor))
    }


def plain(plan: Plan) -> tuple[object, ...]:
    return plan.warehouses, plan.products, plan.openings, plan.messages(), plan.thresholds, plan.odd_messages()


def ids(value: object) -> set[UUID]:
    if isinstance(value, UUID):
        return {value}
    if isinstance(value, dict):
        return set().union(*map(ids, value.values()), *map(ids, value))
    if isinstance(value, list | tuple):
        return set().union(*map(ids, value))
    return {UUID(value)} if isinstance(value, str) and value.startswith("de30") else set()


@pytest.mark.parametrize("size", ["s", "m"])
def test_a_plan_is_the_same_every_time_and_another_for_another_seed(size: str) -> None:
    plan, again, other = Plan(size, 7, END), Plan(size, 7, END), Plan(size, 8, END)
    assert plain(plan) == plain(again)
    found = ids(plain(plan))
    assert found.isdisjoint(ids(plain(other)))
    assert found.isdisjoint(ids(plain(Plan("s" if size == "m" else "m", 7, END))))
    assert all(FIRST <= each <= LAST and each.version == 8 for each in found)


@pytest.mark.parametrize("size", SIZES)
def test_a_plan_has_something_of_everything(size: str) -> None:
    plan = Plan(size, 1, END)
    applied, open_, short = 0, 0, 0
    for each in plan.movements:
        applied += each.source is not None
        open_ += each.arrived_at is None
        short += each.arrived < each.departed
    assert 0 < open_ < applied / 2
    assert short > 0
    assert all(pieces >= 0 for pieces in plan.stocks.values())
    assert max(each.arrived_at or each.left_at for each in plan.movements) <= END
    recent = [each for each in plan.movements if each.arrived_at is None and each.left_at > END - timedelta(hours=48)]
    assert 0 < len(recent) < open_, "some are late and some are not"


async def test_what_is_loaded_is_what_was_planned(container: AsyncContainer) -> None:
    loaded = await load(container, "s", 3)
    plan = Plan("s", 3, END)
    assert (loaded.applied, loaded.duplicates, loaded.quarantined) == (len(plan.messages()), 0, 2)
    assert await stocks(container) == plan.stocks
    statuses = await container.get(ListMovements)
    listed = await pages(lambda cursor: statuses(ACTOR, MovementFilter(), limit=200, cursor=cursor))
    assert {each.status for each in listed} == {MovementStatus.COMPLETED, MovementStatus.IN_TRANSIT}
    flags = {flag for each in listed for flag in each.flags}
    assert flags == {MovementFlag.SHORTAGE, MovementFlag.SURPLUS, MovementFlag.EXTERNAL_RECEIPT}
    reasons = {each.reason for each in (await (await container.get(ListQuarantine))(ACTOR)).items}
    assert len(reasons) == 2
    taken = (await (await container.get(ListStocktakes))(ACTOR)).items
    assert sorted((each.state, each.surplus, each.shortage) for each in taken) == [
        (StocktakeState.CLOSED, 1, 3),
        (StocktakeState.OPEN, 0, 0),
    ]
    assert (await (await container.get(ListAlerts))(ACTOR)).items == [], "reactions make them"


async def test_loading_twice_changes_nothing_even_on_another_day(container: AsyncContainer) -> None:
    await load(container, "s", 1)
    before = await stocks(container), await quarantined(container)
    clock = await container.get(Clock)
    assert isinstance(clock, FakeClock)
    clock.advance(3 * 86_400)
    again = await load(container, "s", 1)
    assert again == Loaded(name="demo s 1", warehouses=3, products=8, movements=60, before=True)
    assert (await stocks(container), await quarantined(container)) == before


async def quarantined(container: AsyncContainer) -> Any:
    return (await (await container.get(ListQuarantine))(ACTOR)).items


@pytest.mark.parametrize("sent", [0, 40, 113])
async def test_a_load_that_broke_off_is_finished_as_if_it_had_not(container: AsyncContainer, sent: int) -> None:
    plan = Plan("s", 1, END)
    first = [(pair, pieces) for pair, pieces in plan.openings.items() if pair[0] == plan.warehouses[0]]
    await (await container.get(ImportAdjustments))(ACTOR, sheet(first, plan.name))
    if sent:
        rest = [(pair, pieces) for pair, pieces in plan.openings.items() if pair[0] != plan.warehouses[0]]
        await (await container.get(ImportAdjustments))(ACTOR, sheet(rest, plan.name))
        await (await container.get(ReceiveBatch))(ACTOR, msgspec.json.encode(plan.messages()[:sent]))
    assert not await is_loaded(container, await plan_of(container, "s", 1))
    loaded = await load(container, "s", 1)
    assert loaded.duplicates == sent
    assert await stocks(container) == plan.stocks


async def test_sizes_and_seeds_lie_beside_each_other(container: AsyncContainer) -> None:
    for size, seed in (("s", 1), ("s", 2), ("m", 1)):
        assert not (await load(container, size, seed)).before
    expected = Plan("s", 1, END).stocks | Plan("s", 2, END).stocks | Plan("m", 1, END).stocks
    assert await stocks(container) == expected


async def rows(url: str) -> dict[str, int]:
    """Rows of every table."""
    connection = await asyncpg.connect(url)
    try:
        return {
            table.fullname: await connection.fetchval(f"SELECT count(*) FROM {table.fullname}")
            for table in metadata.sorted_tables
            if table.name not in LEFT_ALONE
        }
    finally:
        await connection.close()


async def test_what_is_removed_leaves_nothing_but_the_trail(fresh_postgres_url: str) -> None:
    container = build(postgres_settings(fresh_postgres_url))
    own = [((await container.get(Ids)).new(), (await container.get(Ids)).new())]
    await (await container.get(ImportAdjustments))(ACTOR, sheet([(own[0], 9)], "mine"))
    before = await rows(fresh_postgres_url)
    await load(container, "s", 1)
    await load(container, "s", 2)
    assert await remove_between(container, FIRST, LAST) > 200
    await container.close()
    after = await rows(fresh_postgres_url)
    assert after == before
    fresh = build(postgres_settings(fresh_postgres_url))
    assert await stocks(fresh) == {own[0]: 9}
    assert not (await load(fresh, "s", 1)).before
    await fresh.close()


def test_one_demo(program: Program) -> None:
    with program.up("--demo", "--without", "consumer") as (process, run):
        toured = program.run("demo", "tour")
        assert toured.returncode == 0, toured.stderr
        calls = [line for line in toured.stdout.splitlines() if line.startswith("curl")]
        assert len(calls) > 10
        assert all(run.urls["http"] in call for call in calls)
        if shutil.which("curl"):
            key = {**os.environ, "SOTY_API_KEY": (program.data_dir / "key").read_text().strip()}
            for call in [*calls, calls[-1]]:
                done = subprocess.run(
                    ["/bin/sh", "-c", f"{call} --fail"], env=key, capture_output=True, text=True, check=False
                )
                assert (done.returncode, done.stderr) == (0, ""), call
                assert done.stdout
            assert msgspec.json.decode(done.stdout)["details"]["duplicate"] is True
        again = program.run("demo", "load", "--json")
        assert msgspec.json.decode(again.stdout)["before"] is True
        refused = program.run("demo", "reset")
        assert refused.returncode == 1
        assert f"http (pid {process.pid} on" in refused.stderr
    absent = program.run("demo", "tour", "--seed", "5")
    assert absent.returncode == 1
    assert "./soty demo load --seed 5" in absent.stderr
    assert program.run("demo", "reset").stdout.startswith("removed ")


@pytest.mark.parametrize("words", [("demo", "load"), ("demo", "reset"), ("demo", "tour"), ("up", "--demo")])
def test_demo_data_stays_out_of_other_profiles(program: Program, words: tuple[str, ...]) -> None:
    refused = program.run(*words, "--profile", "memory")
    assert refused.returncode == 3
    assert "demo data is for the profiles dev and test" in refused.stderr
