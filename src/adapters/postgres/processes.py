"""Who works on the database: sessions bear the name of their process."""

import os
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Text, column, func, select, table

from adapters.postgres.statement import Statement
from adapters.postgres.store import PostgresStore
from core.operations.api import ProcessView
from core.operations.ports import ProcessReader

LONGEST = 63
"""Bytes of a name that PostgreSQL keeps (NAMEDATALEN)."""

_NAME = re.compile(r"soty/(?P<part>[a-z]+)/(?P<since>\d{1,11})/(?P<pid>\d{1,10})@(?P<host>.*)")
_sessions = table("pg_stat_activity", column("application_name", Text), column("datname", Text), schema="pg_catalog")
_NAMES = Statement(
    select(_sessions.c.application_name)
    .where(_sessions.c.datname == func.current_database(), _sessions.c.application_name.like("soty/%"))
    .distinct()
)


def name_of(part: str, since: datetime) -> str:
    """The name of the sessions of this process.

    :param part: what the process is for, in small letters.
    :param since: when it started; fractions of a second are lost.
    """
    name = f"soty/{part}/{int(since.timestamp())}/{os.getpid()}@{socket.gethostname()}"
    return name.encode("ascii", "replace")[:LONGEST].decode()


class PostgresProcessReader(ProcessReader):
    """Reads the names of sessions; a role sees those of its own only, which all processes share."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def processes(self) -> list[ProcessView]:
        return sorted(_views(row[0] for row in await self._store.rows(_NAMES)))


def _views(names: Iterator[str]) -> Iterator[ProcessView]:
    for name in names:
        if found := _NAME.fullmatch(name):
            since = datetime.fromtimestamp(int(found["since"]), UTC)
            yield ProcessView(part=found["part"], started_at=since, pid=int(found["pid"]), host=found["host"])
