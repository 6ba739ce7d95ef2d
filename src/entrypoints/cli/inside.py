"""The application without its server, for commands that call use cases on the data that a command works on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from dishka import AsyncContainer

from core.kernel.errors import Unavailable
from core.kernel.secret import Secret
from entrypoints.cli.containers.migrations import upgrade_timed
from entrypoints.cli.containers.servers import EVENTS_TOPIC
from entrypoints.cli.database import database
from entrypoints.http.container import build
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.logging import start_logging
from entrypoints.shared.runfile import Run, read_run
from entrypoints.shared.settings import Settings


@asynccontextmanager
async def inside(profile: str | None, part: str) -> AsyncIterator[tuple[Settings, AsyncContainer]]:
    """Settings and a container over the database that they point to, that of a running `soty up`, or one of our own.

    Only failures are logged: what happens is what the command was asked for.

    :param part: what this process is for, as others see it.
    :raises FaultError: there is no database (exit code 3), or it does not answer (4).
    """
    async with database(profile) as made:
        start_logging(msgspec.structs.replace(made.settings.app, log_level="error"))
        if made.postgres:
            await upgrade_timed(made.postgres)
        run = read_run(made.settings.app.data_dir) if made.postgres else None
        settings = made.settings if run is None else beside(made.settings, run)
        container = build(settings, part=part)
        try:
            yield settings, container
        except Unavailable as error:
            fault = Fault("PostgreSQL does not answer", str(settings.postgres.url), "./soty doctor looks at it")
            raise FaultError([fault], Exit.SERVICE_DOWN) from error
        finally:
            await container.close()


def beside(settings: Settings, run: Run) -> Settings:
    """Settings with the cache and the subscribers of a running `soty up`, so that both see what the other writes."""
    redis, kafka = settings.redis, settings.kafka
    if redis.url is None and run.redis:
        redis = msgspec.structs.replace(redis, url=Secret(run.redis))
    if kafka.bootstrap is None and run.kafka:
        topic = kafka.events_topic or EVENTS_TOPIC
        kafka = msgspec.structs.replace(kafka, bootstrap=run.kafka, events_topic=topic)
    return msgspec.structs.replace(settings, redis=redis, kafka=kafka)
