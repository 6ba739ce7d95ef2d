"""Sessions in PostgreSQL: one token exchanged by many at once, stolen ones, and a Redis that forgets."""

import asyncio
import os
from collections.abc import AsyncIterator

import msgspec
import pytest
import redis.asyncio

from adapters.embedded.valkey import EmbeddedValkey
from adapters.postgres.sessions import PostgresSessionReader
from core.identity.api import EndReason
from core.identity.domain.refusals import RefreshRefused
from core.identity.usecases.end_sessions import RevokeSessions
from core.kernel.auth import Authenticator, Credential, Scheme
from tests.support.families import ID, People, people_over
from tests.support.http import postgres_settings
from tests.support.postgres import store_of
from tests.support.valkey import redis_settings

ROUNDS = int(os.environ.get("SOTY_TEST_ROUNDS", "3"))
"""How many families; the promise was made for a thousand."""
AT_ONCE = 20


@pytest.fixture
async def people(fresh_postgres_url: str) -> AsyncIterator[People]:
    """Over a database alone."""
    async for each in people_over(postgres_settings(fresh_postgres_url)):
        yield each


@pytest.fixture
async def cached(fresh_postgres_url: str, own_valkey: EmbeddedValkey) -> AsyncIterator[People]:
    """Over a database and a Redis."""
    settings = msgspec.structs.replace(postgres_settings(fresh_postgres_url), redis=redis_settings(own_valkey.url))
    async for each in people_over(settings):
        yield each


async def test_a_token_that_many_exchange_at_once_has_one_child_and_a_stolen_one_none(
    people: People, fresh_postgres_url: str
) -> None:
    async with store_of(fresh_postgres_url, pool=2) as other:
        reader = PostgresSessionReader(other)
        for _ in range(ROUNDS):
            session = await people.begin()
            children = await asyncio.gather(*(people.refresh(session.refresh_token) for _ in range(AT_ONCE)))
            assert len({child.refresh_token for child in children}) == 1
            live = [each for each in (await reader.sessions(ID, 200, None)).items if each.ended_at is None]
            assert [each.id for each in live] == [session.session_id]
            async with other.connection() as connection:
                unused = "SELECT count(*) FROM identity.refresh_token WHERE session_id = $1 AND used_at IS NULL"
                assert await connection.fetchval(unused, session.session_id) == 1
            people.clock.advance(11)
            stolen = await asyncio.gather(
                *(people.refresh(session.refresh_token) for _ in range(AT_ONCE)), return_exceptions=True
            )
            assert {type(each) for each in stolen} == {RefreshRefused}
            found = await reader.session(session.session_id)
            assert found is not None
            assert found[0].end_reason is EndReason.REUSE_DETECTED
            with pytest.raises(RefreshRefused):
                await people.refresh(children[0].refresh_token)
            assert not await people.is_live(children[0])


async def test_a_redis_that_forgets_signs_nobody_out_and_brings_nobody_back(
    cached: People, own_valkey: EmbeddedValkey
) -> None:
    kept, gone = await cached.begin(), await cached.begin()
    assert await cached.is_live(gone)
    authenticator: Authenticator = await cached.client.container.get(Authenticator)
    actor = await authenticator.authenticate(Credential(Scheme.BEARER, kept.access_token))
    flushing = redis.asyncio.from_url(own_valkey.url)
    stop = asyncio.Event()

    async def flush() -> None:
        while not stop.is_set():
            await flushing.flushall()

    async def work() -> None:
        for _ in range(100):
            assert await cached.is_live(kept)
        await (await cached.client.container.get(RevokeSessions))(actor, gone.session_id)
        for _ in range(100):
            assert await cached.is_live(kept)
            assert not await cached.is_live(gone)
        stop.set()

    await asyncio.gather(flush(), work())
    await flushing.aclose()


async def test_without_redis_sessions_are_as_they_are(cached: People, own_valkey: EmbeddedValkey) -> None:
    kept, gone = await cached.begin(), await cached.begin()
    authenticator: Authenticator = await cached.client.container.get(Authenticator)
    actor = await authenticator.authenticate(Credential(Scheme.BEARER, kept.access_token))
    assert await cached.is_live(gone)
    own_valkey.stop()
    await (await cached.client.container.get(RevokeSessions))(actor, gone.session_id)
    assert await cached.is_live(kept)
    assert not await cached.is_live(gone)
