"""While Redis forgets everything all the time, nobody is signed out and no session that was ended comes back."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import pytest
import redis.asyncio

from adapters.embedded.valkey import EmbeddedValkey
from tests.support.program import Program
from tests.support.traveller import AUTH, PUBLIC_URL, Traveller, browser, travellers

PROCESSES, PEOPLE = 2, 4
ROUNDS = int(os.environ.get("SOTY_TEST_ROUNDS", "3"))


@pytest.fixture
def urls(data_dir: Path, fresh_postgres_url: str, own_valkey: EmbeddedValkey) -> Iterator[list[str]]:
    """Processes that share a database and a cache."""
    program = Program(
        data_dir,
        SOTY_PROFILE="test",
        SOTY_APP_MODE="webhook_only",
        SOTY_POSTGRES_URL=fresh_postgres_url,
        SOTY_REDIS_URL=own_valkey.url,
        SOTY_REDIS_TIMEOUT="5",
        SOTY_PUBLIC_URL=PUBLIC_URL,
        SOTY_HTTP_TRUSTED_PROXIES="127.0.0.1",
        SOTY_API_KEY="the-key-of-the-tests",
    )
    with ExitStack() as stack:
        yield [stack.enter_context(program.serving())[1] for _ in range(PROCESSES)]


async def test_nobody_is_signed_out_and_nobody_comes_back(urls: list[str], own_valkey: EmbeddedValkey) -> None:
    async with AsyncExitStack() as stack:
        people = await stack.enter_async_context(travellers(urls, PEOPLE))
        forgetting = asyncio.create_task(_forget(own_valkey.url))
        stack.callback(forgetting.cancel)
        await asyncio.gather(*(_live(stack, each) for each in people))
        assert not forgetting.done()


async def _forget(url: str) -> None:
    async with redis.asyncio.from_url(url) as client:
        while True:
            await client.flushall()


async def _live(stack: AsyncExitStack, person: Traveller) -> None:
    """Use one session, and end others that must stay ended everywhere."""
    ended: list[Traveller] = []
    for _ in range(ROUNDS):
        other = await person.beside(await stack.enter_async_context(browser()))
        assert [await other.me() for _ in range(5)] == [200] * 5
        done = await person.call("DELETE", f"{AUTH}/sessions/{other.tokens['session_id']}")
        assert done.status_code == 200, done.text
        ended.append(other)
        for each in ended:
            assert [await each.me() for _ in range(4)] == [401] * 4
        assert await other.refresh() == 401
        assert (await person.me(), await person.refresh(), await person.me()) == (200, 200, 200)
