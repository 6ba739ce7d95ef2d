"""One durable PostgreSQL for all, a database for every run, and a Valkey."""

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import MetaData
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from adapters.embedded.data_directory import postmaster
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.embedded.valkey import EmbeddedValkey
from adapters.postgres.migrate import upgrade
from benchmarks.processes import cpu_of_tree

DIALECT = dialect()  # type: ignore[no-untyped-call]
OPTIONS = {"shared_buffers": "2GB", "max_wal_size": "8GB", "checkpoint_timeout": "1h", "max_connections": "100"}
EMPTY = "empty"
Fill = Callable[[str], Coroutine[Any, Any, None]]
SHOWN = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_compression", *OPTIONS)


class Servers:
    """Makes databases and looks at what they cost."""

    def __init__(self, server: EmbeddedPostgres, redis: str) -> None:
        """:param redis: address of a Valkey."""
        self._server = server
        self.redis = redis
        self._numbers = itertools.count(1)

    def prepare(self, fill: Fill) -> None:
        """Make the database that others are copies of.

        :param fill: puts the peers' tables beside ours, and into both what is there at the beginning.
        """
        url = self._server.create_database(EMPTY)
        upgrade(url)
        asyncio.run(fill(url))

    @contextmanager
    def database(self, template: str = EMPTY) -> Iterator[str]:
        """The address of a copy that is dropped in the end."""
        name = f"run_{next(self._numbers)}"
        url = self._server.create_database(name, template)
        try:
            yield url
        finally:
            self._server.query(f'DROP DATABASE "{name}" WITH (FORCE)')

    def keep(self, name: str, template: str = EMPTY) -> str:
        """The address of a copy that others are copied from."""
        return self._server.create_database(name, template)

    def checkpoint(self) -> None:
        """Let every run start right behind a checkpoint, so that its log holds full pages."""
        self._server.query("CHECKPOINT")

    def wal(self) -> int:
        """Bytes of log so far."""
        return int(self._server.query("SELECT pg_current_wal_insert_lsn() - '0/0'"))

    def cpu(self) -> float:
        """Seconds of processor time of the server so far."""
        found = postmaster(self._server.data_dir)
        assert found is not None
        return cpu_of_tree(found.pid)

    def settings(self) -> dict[str, str]:
        """The settings that matter."""
        return {name: self._server.query(f"SHOW {name}") for name in SHOWN}


@contextmanager
def serving() -> Iterator[Servers]:
    """Servers in directories of their own."""
    folder = Path(tempfile.mkdtemp(prefix="soty-bench-"))
    folder.chmod(0o755)
    server, valkey = EmbeddedPostgres(folder / "postgres", options=OPTIONS), EmbeddedValkey()
    try:
        server.start()
        valkey.start()
        yield Servers(server, valkey.url)
    finally:
        valkey.stop()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """One connection."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def make_tables(connection: asyncpg.Connection, metadata: MetaData) -> None:
    """Make the tables of peers, in a schema of theirs."""
    await connection.execute(f"CREATE SCHEMA {metadata.schema}")
    for table in metadata.sorted_tables:
        made: list[DDLElement] = [CreateTable(table), *map(CreateIndex, table.indexes)]
        for each in made:
            await connection.execute(str(each.compile(dialect=DIALECT)))
