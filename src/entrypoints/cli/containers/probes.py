"""Questions to servers, as the program asks them."""

from datetime import datetime

from adapters.postgres.server_clock import server_time
from adapters.postgres.settings import PostgresSettings
from adapters.redis.health import RedisHealth
from adapters.redis.link import open_link
from adapters.redis.settings import RedisSettings
from core.kernel.secret import Secret


async def database_time(url: str) -> datetime:
    """Ask a database for its clock.

    :param url: address of the database.
    :returns: its time.
    :raises Unavailable: it does not answer.
    """
    return await server_time(PostgresSettings(url=Secret(url), pool=1))


async def redis_answers(url: str) -> None:
    """Ask a Redis whether it is there.

    :param url: address of it.
    :raises Unavailable: it does not answer.
    """
    async with open_link(RedisSettings(url=Secret(url))) as link:
        await RedisHealth(link).check()
