"""The connection to Redis, which gives up soon and then rests: nobody waits for a server that is away."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha1
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError

from adapters.redis.settings import RedisSettings

REST_SECONDS = 0.5

Word = str | bytes | int


class Away(Exception):
    """Redis did not answer in time, or did not a moment ago; what was asked may still be done."""


class Script:
    """A program that Redis runs at one go."""

    def __init__(self, text: str) -> None:
        """:param text: in Lua."""
        self.text = text
        self.digest = sha1(text.encode(), usedforsecurity=False).hexdigest()


class Link:
    """Calls Redis, each call for a short time at most.

    After a failure nobody calls for half a second; then one call looks whether Redis is back, and all others go on
    without it until that one knows. ``failures`` are the calls that failed, without those that were not made.
    """

    def __init__(self, redis: Redis, seconds: float) -> None:
        """:param seconds: that a call may take."""
        self._redis = redis
        self._seconds = seconds
        self._rests_until = 0.0
        self._failed = False
        self._looking = False
        self.failures = 0

    async def call(self, *words: Word) -> Any:
        """What a command answers.

        :raises Away: it was not done for sure, or not in time.
        """
        if self._failed and (self._looking or asyncio.get_running_loop().time() < self._rests_until):
            raise Away
        looking = self._looking = self._failed
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._redis.execute_command(*words)  # type: ignore[no-untyped-call]
        except NoScriptError:
            raise
        except (RedisError, OSError, TimeoutError, RuntimeError) as error:  # uvloop says RuntimeError when it was cut
            self._failed = True
            self.failures += 1
            self._rests_until = asyncio.get_running_loop().time() + REST_SECONDS
            raise Away from error
        finally:
            if looking:
                self._looking = False
        self._failed = False
        return answer

    async def run(self, script: Script, keys: Sequence[str], *arguments: Word) -> Any:
        """What a script answers.

        :raises Away: it was not done for sure, or not in time.
        """
        try:
            return await self.call("EVALSHA", script.digest, len(keys), *keys, *arguments)
        except NoScriptError:
            return await self.call("EVAL", script.text, len(keys), *keys, *arguments)


@asynccontextmanager
async def open_link(settings: RedisSettings) -> AsyncIterator[Link]:
    """A link that connects at its first call and is closed at the end.

    :param settings: with an address.
    """
    assert settings.url is not None
    pool = BlockingConnectionPool.from_url(
        settings.url.reveal(),
        max_connections=settings.pool,
        timeout=settings.timeout,
        socket_timeout=settings.timeout,
        socket_connect_timeout=settings.timeout,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        driver_info=None,
    )
    redis = Redis.from_pool(pool)
    try:
        yield Link(redis, settings.timeout)
    finally:
        await redis.aclose()
