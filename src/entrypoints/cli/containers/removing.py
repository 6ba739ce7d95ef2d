"""Removing demo data, as the program does it."""

from dishka import AsyncContainer

from adapters.postgres.removal import remove_range
from adapters.postgres.store import PostgresStore
from entrypoints.cli.demo.plan import FIRST, LAST


async def remove_demo(container: AsyncContainer) -> int:
    """Remove demo data of every size and seed.

    :returns: how many changes of stock were removed.
    :raises Unavailable: the store does not answer.
    """
    return await remove_range(await container.get(PostgresStore), FIRST, LAST)
