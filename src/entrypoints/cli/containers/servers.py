"""Servers of our own where no address is set."""

import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from adapters.embedded.errors import EmbeddedError
from adapters.embedded.kafka import MockBroker
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.embedded.valkey import EmbeddedValkey
from core.kernel.secret import Secret
from entrypoints.shared.choices import EMBEDDED, needs_kafka, needs_postgres, needs_redis
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.settings import ROOT, Settings
from entrypoints.shared.settings_fields import PAGE, plain

TOPIC_PARTITIONS = 8
EVENTS_TOPIC = "soty.events"


class Servers(Struct, frozen=True):
    """Settings that point to live servers, and lines that tell about them."""

    settings: Settings
    lines: tuple[str, ...] = ()
    postgres: str | None = None
    kafka: str | None = None
    redis: str | None = None


@asynccontextmanager
async def servers(
    settings: Settings, *, kafka: bool, join: bool, durable: bool = True, redis: bool = False
) -> AsyncIterator[Servers]:
    """Start what no address points to, and stop it at the end.

    :param settings: settings of the process.
    :param kafka: whether a broker is needed.
    :param join: whether a PostgreSQL of another `soty` process will do.
    :param durable: False for data that nobody will miss.
    :param redis: whether a Valkey is wanted; where there is none for this machine one does without.
    :returns: settings with the addresses of what was started.
    :raises FaultError: when a server does not start (exit code 4).
    """
    async with AsyncExitStack() as stack:
        made = Servers(settings)
        try:
            if needs_postgres(settings):
                server = EmbeddedPostgres(
                    settings.app.data_dir / "postgres",
                    binaries=settings.embedded.postgres_bin,
                    join=join,
                    durable=durable,
                )
                made = await _with_postgres(made, server, stack)
            if kafka and needs_kafka(settings):
                made = _with_kafka(made, stack.enter_context(MockBroker()))
            if redis and needs_redis(settings):
                made = await _with_redis(made, stack)
        except EmbeddedError as error:
            fault = Fault(error.error, error.where, error.fix, f"{PAGE}#soty_embedded")
            raise FaultError([fault], Exit.SERVICE_DOWN) from error
        yield made


@contextmanager
def ephemeral_dir(settings: Settings) -> Iterator[Settings]:
    """Keep data in a directory that is removed at the end.

    :param settings: settings of the process.
    :returns: settings that point to the directory.
    """
    folder = Path(tempfile.mkdtemp(prefix="soty-data-"))
    folder.chmod(0o755)
    try:
        yield msgspec.structs.replace(settings, app=msgspec.structs.replace(settings.app, data_dir=folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _led_to(settings: Settings, section: str, name: str, **changes: object) -> Settings:
    """Settings whose section leads to a server of our own, and which know that nobody set its address."""
    changed = msgspec.structs.replace(getattr(settings, section), **changes)
    origins = {**settings.origins, name: EMBEDDED}
    return msgspec.structs.replace(settings, **{section: changed}, origins=origins)


async def _with_postgres(made: Servers, server: EmbeddedPostgres, stack: AsyncExitStack) -> Servers:
    started = time.monotonic()
    await stack.enter_async_context(server)
    place = f"{server.version} embedded   {_shown(server.data_dir)}"
    return Servers(
        _led_to(made.settings, "postgres", "SOTY_POSTGRES_URL", url=Secret(server.url)),
        (*made.lines, f"postgres   {place:<50} started {time.monotonic() - started:.1f} s"),
        server.url,
        made.kafka,
    )


def _with_kafka(made: Servers, broker: MockBroker) -> Servers:
    for topic in made.settings.kafka.topics:
        broker.create_topic(topic, TOPIC_PARTITIONS)
    events = made.settings.kafka.events_topic or EVENTS_TOPIC
    broker.create_topic(events, TOPIC_PARTITIONS)
    return Servers(
        _led_to(made.settings, "kafka", "SOTY_KAFKA_BOOTSTRAP", bootstrap=broker.bootstrap, events_topic=events),
        (*made.lines, f"kafka      {'mock broker, nothing kept':<50} {broker.bootstrap}"),
        made.postgres,
        broker.bootstrap,
    )


async def _with_redis(made: Servers, stack: AsyncExitStack) -> Servers:
    started = time.monotonic()
    try:
        server = await stack.enter_async_context(EmbeddedValkey())
    except EmbeddedError as error:
        return msgspec.structs.replace(made, lines=(*made.lines, f"redis      none: {error.error}"))
    line = f"redis      {'Valkey embedded, nothing kept':<50} started {time.monotonic() - started:.1f} s"
    settings = _led_to(made.settings, "redis", "SOTY_REDIS_URL", url=Secret(server.url))
    return msgspec.structs.replace(made, settings=settings, lines=(*made.lines, line), redis=server.url)


def _shown(path: Path) -> str:
    return plain(path) if path.is_relative_to(ROOT) else str(path)
