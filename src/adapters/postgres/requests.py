"""Answers to requests, kept with their effects."""

import asyncpg
import msgspec

from core.kernel.clock import Clock
from core.kernel.requests import AnsweredBefore, RequestInFlight, RequestKey, RequestKeyReused

RETRY_AFTER = 1
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))"
_FIND = "SELECT digest, result FROM kernel.answered WHERE principal = $1 AND route = $2 AND key = $3"
_KEEP = """
INSERT INTO kernel.answered (principal, route, key, digest, result, created_at) VALUES ($1, $2, $3, $4, $5, $6)
"""


async def begin(connection: asyncpg.Connection, request: RequestKey) -> None:
    """Let one transaction at a time do a request, and none after it was done.

    :raises AnsweredBefore: it was done; with its answer.
    :raises RequestInFlight: another transaction is at it.
    :raises RequestKeyReused: the key belongs to a request with another content.
    """
    if not await connection.fetchval(_LOCK, "\n".join((request.principal, request.route, request.key))):
        raise RequestInFlight(retry_after=RETRY_AFTER)
    found = await connection.fetchrow(_FIND, request.principal, request.route, request.key)
    if found is None:
        return
    if found["digest"] != request.digest:
        raise RequestKeyReused
    raise AnsweredBefore(found["result"].encode())


async def keep(connection: asyncpg.Connection, request: RequestKey, result: object, clock: Clock) -> None:
    """Keep the answer for as long as the transaction's effect."""
    encoded = msgspec.json.encode(result).decode()
    args = (request.principal, request.route, request.key, request.digest, encoded, clock.now())
    await connection.execute(_KEEP, *args)
