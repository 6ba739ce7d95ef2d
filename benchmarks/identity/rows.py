"""What must be stored after exchanges and sign-ins: the same of Soty and of the peer, in the schema of each."""

import asyncio
from collections.abc import Iterable

from benchmarks.identity.people import PEOPLE, hashed
from benchmarks.servers import connected
from core.identity.domain.session import digest

COUNTS = """
    SELECT count(*), count(*) FILTER (WHERE used_at IS NULL), count(DISTINCT session_id),
        count(DISTINCT session_id) FILTER (WHERE used_at IS NULL)
    FROM {schema}.refresh_token"""
SESSIONS = "SELECT count(*), count(ended_at) FROM {schema}.session"
GOOD = "SELECT count(*) FROM {schema}.refresh_token WHERE used_at IS NULL AND hash = ANY($1)"


def check(url: str, schema: str, *, exchanged: int = 0, begun: int = 0, held: Iterable[str] = ()) -> None:
    """Compare the rows with what was answered.

    :param schema: whose tables.
    :param exchanged: tokens.
    :param begun: sessions, besides those that were there.
    :param held: the last tokens that clients got, which must all be good.
    :raises AssertionError: a token is missing or lives on, a session has not one good one, or ended.
    """
    asyncio.run(_check(url, schema, exchanged, begun, [digest(token) for token in held]))


async def _check(url: str, schema: str, exchanged: int, begun: int, held: list[bytes]) -> None:
    chains = PEOPLE + begun
    async with connected(url) as connection:
        tokens = tuple(await connection.fetchrow(COUNTS.format(schema=schema)))
        sessions = tuple(await connection.fetchrow(SESSIONS.format(schema=schema)))
        good = await connection.fetchval(GOOD.format(schema=schema), held)
    assert tokens == (chains + exchanged, chains, chains, chains), (
        f"{schema}: {tokens} tokens after {exchanged}, {begun}"
    )
    assert sessions == (chains + PEOPLE, 0), f"{schema}: {sessions} sessions after {begun}"
    assert good == len(held), f"{schema}: {good} of the last {len(held)} tokens are good"


def rehash(url: str, cost: tuple[int, int]) -> None:
    """Give everybody another hash of the password.

    :param cost: KiB and passes of it.
    """
    asyncio.run(_rehash(url, hashed(cost)))


async def _rehash(url: str, kept: str) -> None:
    async with connected(url) as connection:
        for table in ("identity.account", "peer.person"):
            await connection.execute(f"UPDATE {table} SET password_hash = $1", kept)
            await connection.execute(f"VACUUM FULL {table}")
