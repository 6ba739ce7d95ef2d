"""The database that a command works on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from entrypoints.cli.containers.servers import Servers, servers
from entrypoints.cli.options import settings_of
from entrypoints.shared.fault import Exit, Fault, FaultError


@asynccontextmanager
async def database(profile: str | None) -> AsyncIterator[Servers]:
    """The one that settings point to, that of a running `soty up`, or one of our own for as long as it is needed.

    :raises FaultError: the profile has none (exit code 3), or none starts (4).
    """
    settings = settings_of({"SOTY_PROFILE": profile})
    async with servers(settings, kafka=False, join=True) as made:
        if made.settings.postgres.url is None:
            fault = Fault(
                "there is no database here",
                f"profile {settings.app.profile}",
                "export SOTY_POSTGRES_URL=postgresql://…",
            )
            raise FaultError([fault], Exit.SETTINGS)
        yield made
