"""PostgreSQL falls silent under load: every client is told in bounded time, and served again soon after it is back."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from adapters.embedded.postgres import EmbeddedPostgres
from tests.support.events import World, message_of
from tests.support.eventually import eventually
from tests.support.http import ADJUSTMENTS, PRODUCT, SOURCE, WAREHOUSE, WEBHOOK, Client, postgres_settings, serving
from tests.support.proxy import Mode, Proxy

LONGEST, BACK = 6.0, 3.0
AT_ONCE = 8


@pytest.fixture
async def served(postgres_server: EmbeddedPostgres, fresh_postgres_url: str) -> AsyncIterator[tuple[Proxy, Client]]:
    """A link that can be harmed, and an application behind it."""
    with Proxy(Path(postgres_server.socket_dir) / ".s.PGSQL.5432") as proxy:
        url = f"postgresql://soty@{proxy.address}{urlsplit(fresh_postgres_url).path}"
        async with serving(postgres_settings(url)) as client:
            yield proxy, client
            proxy.switch(Mode.OK)


async def _timed(asking: asyncio.Task[httpx.Response]) -> tuple[float, httpx.Response]:
    started = time.monotonic()
    answer = await asking
    return time.monotonic() - started, answer


async def _all_kinds(client: Client) -> list[tuple[float, httpx.Response]]:
    world = World()
    stock = f"{WAREHOUSE}/{SOURCE}/products/{PRODUCT}"
    asking = [
        kind
        for n in range(AT_ONCE)
        for kind in (
            client.get(stock),
            client.get(ADJUSTMENTS),
            client.post(WEBHOOK, message_of(world.arrival(n))),
            client.adjust(1),
        )
    ]
    return await asyncio.gather(*(_timed(asyncio.create_task(each)) for each in asking))


async def test_a_silent_database_is_told_within_six_seconds(served: tuple[Proxy, Client]) -> None:
    proxy, client = served
    assert {answer.status_code for _, answer in await _all_kinds(client)} == {200, 201}
    proxy.switch(Mode.BLACKHOLE)
    found = await _all_kinds(client)
    assert {answer.status_code for _, answer in found} == {503}
    assert all(answer.headers["retry-after"] for _, answer in found)
    assert max(seconds for seconds, _ in found) < LONGEST
    proxy.switch(Mode.OK)

    async def served_again() -> bool:
        return {answer.status_code for _, answer in await _all_kinds(client)} == {200, 201}

    await eventually(served_again, BACK)
