"""Migrations, as the program calls them."""

import asyncio
import time

from adapters.postgres.migrate import downgrade, revision, status, upgrade

__all__ = ["downgrade", "revision", "status", "upgrade", "upgrade_timed"]


async def upgrade_timed(url: str) -> float:
    """Bring every module to its newest revision without blocking the loop.

    :param url: address of the database.
    :returns: seconds that it took.
    """
    started = time.monotonic()
    await asyncio.to_thread(upgrade, url)
    return time.monotonic() - started
