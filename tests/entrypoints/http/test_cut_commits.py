"""Clients that send again when a commit was cut off: they cannot know whether it was done, and it is done once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from adapters.embedded.postgres import EmbeddedPostgres
from entrypoints.http.inventory.examples import PRODUCT, SOURCE
from tests.support.http import ADJUSTMENTS, Client, postgres_settings, serving
from tests.support.proxy import Mode, Proxy

SHARE = 0.5
CLIENTS = 4
AGAIN = (409, 503)


@pytest.fixture
async def cut(
    postgres_server: EmbeddedPostgres, new_database: Callable[[], str]
) -> AsyncIterator[tuple[Client, Proxy]]:
    """An application whose way to the database can be cut, and what cuts it."""
    database = urlsplit(new_database()).path
    with Proxy(postgres_server.socket_dir / ".s.PGSQL.5432") as proxy:
        async with serving(postgres_settings(f"postgresql://soty@{proxy.address}{database}")) as client:
            yield client, proxy


async def insist(client: Client, seen: Counter[str]) -> None:
    """Add one piece, however often it must be said."""
    body = {"warehouse_id": SOURCE, "product_id": PRODUCT, "delta": 1, "reason": "opening_balance"}
    key = str(uuid4())
    while (answer := await client.post(ADJUSTMENTS, body, **{"idempotency-key": key})).status_code in AGAIN:
        assert "retry-after" in answer.headers
        await asyncio.sleep(0.005)
    assert answer.status_code == 201, answer.text
    seen["replayed" if "idempotent-replayed" in answer.headers else "done"] += 1


async def storm(client: Client, proxy: Proxy, mode: Mode, cuts: int) -> Counter[str]:
    """Send until so many commits were cut, and count what was answered."""
    seen: Counter[str] = Counter()
    proxy.switch(mode, SHARE)
    while proxy.counts[mode] < cuts:
        await asyncio.gather(*(insist(client, seen) for _ in range(CLIENTS)))
    proxy.switch(Mode.OK)
    assert await client.quantity() == seen.total()
    return seen


async def test_a_commit_that_was_cut_before_it_was_done(cut: tuple[Client, Proxy]) -> None:
    assert (await storm(*cut, Mode.BEFORE_COMMIT, 10))["replayed"] == 0


async def test_a_commit_that_was_cut_after_it_was_done(cut: tuple[Client, Proxy]) -> None:
    assert (await storm(*cut, Mode.AFTER_COMMIT, 10))["replayed"] >= 10


@pytest.mark.slow
@pytest.mark.parametrize("mode", [Mode.BEFORE_COMMIT, Mode.AFTER_COMMIT])
async def test_three_hundred_cut_commits_double_nothing(cut: tuple[Client, Proxy], mode: Mode) -> None:
    await storm(*cut, mode, 300)
