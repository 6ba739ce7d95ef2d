"""Migrations: one Alembic branch and one schema per module; the only place that opens an engine."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

import asyncpg
import msgspec
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from adapters.postgres.errors import translated

ROOT = Path(__file__).parents[3] / "migrations"
LOCK = 0x50E7


class BranchStatus(msgspec.Struct, frozen=True):
    """Where a module's schema stands; ``current`` is None before its first migration."""

    module: str
    current: str | None
    head: str

    @property
    def is_current(self) -> bool:
        """Whether nothing is left to do."""
        return self.current == self.head


def upgrade(url: str, target: str = "heads") -> None:
    """Bring the schema up to a revision; safe to call from several processes at once.

    :param target: ``heads``, ``<module>@head`` or a revision.
    :raises Unavailable: the database does not answer.
    """
    _on_connection(url, lambda config: command.upgrade(config, target))


def downgrade(url: str, module: str, target: str = "-1") -> None:
    """Take one module's schema back.

    :param target: a revision, ``-1`` for the one before, ``base`` for nothing at all.
    :raises Unavailable: the database does not answer.
    """
    _on_connection(url, lambda config: command.downgrade(config, f"{module}@{target}"))


def status(url: str) -> list[BranchStatus]:
    """Where each module's schema stands.

    :raises Unavailable: the database does not answer.
    """
    found: list[BranchStatus] = []
    _on_connection(url, lambda config: found.extend(_status(config)))
    return found


def unknown_revisions(revisions: Iterable[str]) -> list[str]:
    """Those that this version has no migration of."""
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    return sorted(set(revisions) - known)


def revision(module: str, message: str) -> Path:
    """Write an empty next migration of a module.

    :returns: its file.
    """
    config = _config()
    number = 1 + sum(1 for _ in (ROOT / module / "versions").glob("*.py"))
    script = command.revision(
        config,
        message,
        head=f"{module}@head",
        rev_id=f"{module}_{number:04}",
        version_path=str(ROOT / module / "versions"),
    )
    assert script is not None
    assert not isinstance(script, list)
    return Path(script.path)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    locations = sorted(str(path) for path in ROOT.glob("*/versions"))
    config.set_main_option("version_locations", ":".join(locations))
    return config


def _status(config: Config) -> list[BranchStatus]:
    connection: Connection = config.attributes["connection"]
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS kernel"))
    context = MigrationContext.configure(
        connection, opts={"version_table": "schema_version", "version_table_schema": "kernel"}
    )
    current = set(context.get_current_heads())
    script = ScriptDirectory.from_config(config)
    branches = [(next(iter(head.branch_labels)), head) for head in script.get_revisions(script.get_heads())]
    return [BranchStatus(module, _current(script, module, current), head.revision) for module, head in sorted(branches)]


def _current(script: ScriptDirectory, module: str, current: set[str]) -> str | None:
    return next((rev for rev in current if module in script.get_revision(rev).branch_labels), None)


def _on_connection(url: str, act: Callable[[Config], None]) -> None:
    with translated():
        asyncio.run(_connect_and(url, act))


async def _connect_and(url: str, act: Callable[[Config], None]) -> None:
    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(url, timeout=5)

    engine = create_async_engine("postgresql+asyncpg://", poolclass=NullPool, async_creator=connect)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_locked, act)
    finally:
        await engine.dispose()


def _locked(connection: Connection, act: Callable[[Config], None]) -> None:
    config = _config()
    config.attributes["connection"] = connection
    connection.execute(text("SET lock_timeout = '10s'"))
    connection.execute(text(f"SELECT pg_advisory_lock({LOCK})"))
    connection.commit()
    try:
        act(config)
        connection.commit()
    finally:
        connection.rollback()
        connection.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
        connection.commit()
