"""Migrations, as the program calls them."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from adapters.postgres.migrate import downgrade, revision, status, upgrade
from core.kernel.errors import Unavailable
from core.kernel.secret import Secret
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.settings_fields import PAGE

__all__ = ["downgrade", "on_database", "revision", "status", "upgrade", "upgrade_timed"]

Result = TypeVar("Result")


async def on_database(url: str, work: Callable[[str], Result]) -> Result:
    """Do blocking work on a database without blocking the loop.

    :param url: its address.
    :param work: what to do.
    :returns: what the work returned.
    :raises FaultError: when the database does not answer (exit code 4) or the work fails (1).
    """
    try:
        return await asyncio.to_thread(work, url)
    except Unavailable as error:
        fault = Fault(
            "PostgreSQL does not answer",
            str(Secret(url)),
            "start it, or mend SOTY_POSTGRES_URL; ./soty doctor looks at it",
            f"{PAGE}#soty_postgres_url",
        )
        raise FaultError([fault], Exit.SERVICE_DOWN) from error
    except Exception as error:
        fault = Fault(f"migration failed: {error}", str(Secret(url)), "./soty db status tells where it stands")
        raise FaultError([fault]) from error


async def upgrade_timed(url: str) -> float:
    """Bring every module to its newest revision without blocking the loop.

    :param url: address of the database.
    :returns: seconds that it took.
    """
    started = time.monotonic()
    await on_database(url, upgrade)
    return time.monotonic() - started
