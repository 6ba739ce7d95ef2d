"""A database as one file, with what is in it; the file is made and read by pg_dump and pg_restore."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg
import msgspec

from adapters.postgres.errors import translated

CONNECT_SECONDS = 5
UPKEEP, OTHER_UPKEEP = "postgres", "template1"
"""The databases from which others are made and renamed."""

SAME_EVERYWHERE = {
    "application_name": "soty backup",
    "bytea_output": "hex",
    "datestyle": "ISO, YMD",
    "extra_float_digits": "1",
    "idle_in_transaction_session_timeout": "0",
    "intervalstyle": "postgres",
    "lock_timeout": "0",
    "search_path": "",
    "statement_timeout": "0",
    "timezone": "UTC",
}
_TABLES = """
SELECT format('%I.%I', s.nspname, c.relname) AS name
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
  AND s.nspname <> 'information_schema' AND s.nspname !~ '^pg_'
ORDER BY 1
"""
_CONTENT = """
SELECT count(*) AS rows,
       coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0)::text AS checksum
FROM {table} t
"""
_LIKE = """
SELECT pg_catalog.pg_encoding_to_char(encoding) AS encoding, datcollate, datctype
FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
"""
_OTHERS = """
SELECT DISTINCT coalesce(nullif(application_name, ''), 'a client') || ' of ' || usename AS name
FROM pg_catalog.pg_stat_activity
WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid() AND backend_type = 'client backend'
ORDER BY 1
"""


class BackupError(Exception):
    """A program of PostgreSQL, or the server, refused; it says why."""


class TableContent(msgspec.Struct, frozen=True):
    """How many rows a table has, and a sum over all that they say, in no order."""

    rows: int
    checksum: str


class Content(msgspec.Struct, frozen=True):
    """What is in a database: the revision of each module, and every table."""

    postgres: int
    revisions: dict[str, str]
    tables: dict[str, TableContent]

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(table.rows for table in self.tables.values())

    @property
    def is_empty(self) -> bool:
        """Whether there is no table but that of the revisions."""
        return not self.tables.keys() - {"kernel.schema_version"}

    def differences(self, other: "Content") -> list[str]:
        """What another database has otherwise, a line each; its version of PostgreSQL may differ."""
        mine, its = (_entries(each) for each in (self, other))
        names = sorted(name for name in mine.keys() | its.keys() if mine.get(name) != its.get(name))
        return [f"{name}: {_shown(mine.get(name))} became {_shown(its.get(name))}" for name in names]


async def content(url: str) -> Content:
    """What is in a database.

    :raises Unavailable: it does not answer.
    """
    with translated():
        async with _connected(url) as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            return await _content(connection)


async def dump(url: str, programs: Path, file: Path) -> Content:
    """Write one snapshot of a database into a file, while others write to the database.

    :param programs: directory of pg_dump, of the server's version.
    :returns: what is in the file.
    :raises BackupError: pg_dump failed.
    :raises Unavailable: the database does not answer.
    """
    with translated():
        async with _connected(url) as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await connection.fetchval("SELECT pg_catalog.pg_export_snapshot()")
            found = await _content(connection)
            words = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}")
            await _run(programs / "pg_dump", url, *words)
            return found


@asynccontextmanager
async def restored(url: str, programs: Path, file: Path, name: str) -> AsyncIterator[str]:
    """Restore a file into a new database on the same server; it is dropped at the end, unless it got another name.

    :param url: of a database on the server, whose encoding and collation the new one gets.
    :param programs: directory of pg_restore, of the server's version.
    :param name: of the new database; small letters, digits and `_`.
    :returns: its address.
    :raises BackupError: it cannot be made, or pg_restore refuses the file.
    :raises Unavailable: the server does not answer.
    """
    with translated():
        async with _connected(url) as connection:
            like = await connection.fetchrow(_LIKE)
        form = "TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE '{datcollate}' LC_CTYPE '{datctype}'"
        await _administer(url, f'CREATE DATABASE "{name}" {form.format(**like)}')
    try:
        await _run(programs / "pg_restore", address_of(url, name), "--exit-on-error", "--no-owner", str(file))
        yield address_of(url, name)
    finally:
        with translated():
            await _administer(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def others(url: str) -> list[str]:
    """Who else is connected to a database.

    :raises Unavailable: it does not answer.
    """
    with translated():
        async with _connected(url) as connection:
            return [row["name"] for row in await connection.fetch(_OTHERS)]


async def put_in_place(url: str, restored_name: str, aside: str | None) -> None:
    """Give a restored database the name of the one at an address, in one transaction.

    :param restored_name: name of the restored one.
    :param aside: name that the old one gets; None drops it afterwards.
    :raises BackupError: somebody is connected, or we may not.
    :raises Unavailable: the server does not answer.
    """
    with translated():
        async with _connected(url) as connection:
            name = await connection.fetchval("SELECT pg_catalog.current_database()")
        old = aside or f"{restored_name}_old"
        renames = (f'ALTER DATABASE "{name}" RENAME TO "{old}"', f'ALTER DATABASE "{restored_name}" RENAME TO "{name}"')
        await _administer(url, *renames)
        if aside is None:
            await _administer(url, f'DROP DATABASE "{old}"')


def address_of(url: str, database: str) -> str:
    """The address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


async def server_major(url: str) -> int:
    """The major version of a server.

    :raises Unavailable: it does not answer.
    """
    with translated():
        async with _connected(url) as connection:
            return int(connection.get_server_version().major)


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS, server_settings=SAME_EVERYWHERE)
    try:
        yield connection
    finally:
        await connection.close()


async def _content(connection: asyncpg.Connection) -> Content:
    tables = {}
    for row in await connection.fetch(_TABLES):
        found = await connection.fetchrow(_CONTENT.format(table=row["name"]))
        tables[row["name"]] = TableContent(found["rows"], found["checksum"])
    revisions = [row[0] for row in await _revisions(connection)] if "kernel.schema_version" in tables else []
    return Content(
        connection.get_server_version().major,
        {revision.rpartition("_")[0]: revision for revision in sorted(revisions)},
        tables,
    )


async def _revisions(connection: asyncpg.Connection) -> list[Any]:
    rows: list[Any] = await connection.fetch("SELECT version_num FROM kernel.schema_version")
    return rows


def _entries(content: Content) -> dict[str, str | TableContent]:
    return {**content.revisions, **content.tables}


def _shown(found: str | TableContent | None) -> str:
    return f"{found.rows} rows with {found.checksum}" if isinstance(found, TableContent) else found or "nothing"


async def _administer(url: str, *statements: str) -> None:
    """Run statements that need another database, in one transaction when there are several."""
    upkeep = OTHER_UPKEEP if urlsplit(url).path == f"/{UPKEEP}" else UPKEEP
    async with _connected(address_of(url, upkeep)) as connection:
        try:
            await connection.execute(";".join(statements))
        except asyncpg.PostgresError as error:
            raise BackupError(str(error)) from error


async def _run(program: Path, url: str, *words: str) -> None:
    """Run a program of PostgreSQL; the password of the address is not among its words, which others may list."""
    parts = urlsplit(url)
    user, _, place = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    bare = urlunsplit(parts._replace(netloc=f"{name}@{place}" if user else place))
    environment = {key: text for key, text in os.environ.items() if not key.startswith("PG")}
    process = await asyncio.create_subprocess_exec(
        program,
        f"--dbname={bare}",
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env=environment | ({"PGPASSWORD": unquote(password)} if password else {}),
    )
    try:
        _, told = await process.communicate()
    except BaseException:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    if process.returncode:
        lines = told.decode(errors="replace").strip().splitlines()
        raise BackupError(f"{program.name}: {lines[0] if lines else f'exit code {process.returncode}'}")
