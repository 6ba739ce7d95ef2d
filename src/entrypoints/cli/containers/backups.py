"""Backups of a database, as the program makes, checks and restores them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from adapters.embedded.binaries import clients
from adapters.embedded.errors import EmbeddedError
from adapters.postgres import backup
from adapters.postgres.backup import BackupError, Content
from adapters.postgres.migrate import unknown_revisions
from core.kernel.errors import Unavailable
from core.kernel.secret import Secret
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.settings_fields import PAGE

__all__ = ["Content", "content", "dump", "others", "put_in_place", "restored", "server_major", "unknown_revisions"]


async def dump(url: str, setting: Path | None, file: Path) -> Content:
    """Write one snapshot of a database into a file.

    :param setting: directory of programs that is looked into first.
    :returns: what is in it.
    :raises FaultError: there are no programs for it, it does not answer (exit code 4) or refuses (1).
    """
    with _told(url):
        return await backup.dump(url, clients(setting, await server_major(url)), file)


@asynccontextmanager
async def restored(url: str, setting: Path | None, file: Path, name: str) -> AsyncIterator[str]:
    """Restore a file into a new database beside the one at an address, for as long as it is needed.

    :param setting: directory of programs that is looked into first.
    :param name: of the new database.
    :returns: its address.
    :raises FaultError: as :func:`dump`.
    """
    with _told(url):
        programs = clients(setting, await server_major(url))
        async with backup.restored(url, programs, file, name) as made:
            yield made


async def server_major(url: str) -> int:
    """The major version of a server.

    :raises FaultError: it does not answer (exit code 4).
    """
    with _told(url):
        return await backup.server_major(url)


async def content(url: str) -> Content:
    """What is in a database.

    :raises FaultError: it does not answer (exit code 4).
    """
    with _told(url):
        return await backup.content(url)


async def others(url: str) -> list[str]:
    """Who else is connected to a database.

    :raises FaultError: it does not answer (exit code 4).
    """
    with _told(url):
        return await backup.others(url)


async def put_in_place(url: str, restored_name: str, aside: str | None) -> None:
    """Give a restored database the name of the one at an address.

    :param aside: name that the old one gets; None drops it.
    :raises FaultError: somebody is connected (exit code 1).
    """
    with _told(url):
        await backup.put_in_place(url, restored_name, aside)


@contextmanager
def _told(url: str) -> Iterator[None]:
    where = str(Secret(url))
    try:
        yield
    except EmbeddedError as error:
        raise FaultError([Fault(error.error, error.where, error.fix, f"{PAGE}#soty_postgres_bin")]) from error
    except BackupError as error:
        raise FaultError(
            [Fault(str(error), where, "mend what it says, then try again", "docs/guides/backup.md")]
        ) from error
    except Unavailable as error:
        fault = Fault(
            "PostgreSQL does not answer", where, "start it, or mend SOTY_POSTGRES_URL; ./soty doctor looks at it"
        )
        raise FaultError([fault], Exit.SERVICE_DOWN) from error
