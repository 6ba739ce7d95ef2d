"""What time the database server says it is."""

from datetime import datetime

from sqlalchemy import func, select

from adapters.postgres.settings import PostgresSettings
from adapters.postgres.statement import Statement
from adapters.postgres.store import open_store

_NOW = Statement(select(func.clock_timestamp()))


async def server_time(settings: PostgresSettings) -> datetime:
    """Ask the server for its clock.

    :param settings: where it is.
    :returns: its time, with a zone.
    :raises Unavailable: it does not answer.
    """
    async with open_store(settings) as store:
        row = await store.row(_NOW)
    assert row is not None
    found: datetime = row[0]
    return found
