"""Removing data, as the program does it."""

from uuid import UUID

from dishka import AsyncContainer

from adapters.postgres.removal import remove_range
from adapters.postgres.store import PostgresStore


async def remove_between(container: AsyncContainer, first: UUID, last: UUID) -> int:
    """Remove all about warehouses and movements whose ids lie in a range; no process may work on the store.

    :returns: how many changes of stock were removed.
    :raises Unavailable: the store does not answer.
    """
    return await remove_range(await container.get(PostgresStore), first, last)
