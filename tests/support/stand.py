"""What an application of the test kit stands on: the memory adapters, or real servers."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from dishka import Provider, Scope, provide

from adapters.embedded.kafka import MockBroker
from adapters.kafka.provider import KafkaEventsProvider, KafkaProvider
from adapters.kafka.settings import KafkaSettings
from adapters.kafka.source import KafkaMessageSource
from adapters.memory.messages import MemoryLog, MemoryMessageSource
from adapters.memory.store import MemoryStore
from adapters.postgres.bell import PostgresBell
from adapters.postgres.settings import PostgresSettings
from adapters.postgres.store import PostgresStore
from adapters.redis.link import Link
from adapters.redis.settings import RedisSettings
from adapters.security.settings import SecuritySettings
from core.kernel.messages import MessagePublisher, MessageSource
from core.kernel.relay import Subscriber
from core.kernel.secret import Secret
from entrypoints.http.container import providers
from entrypoints.shared.settings import AppSettings, Settings
from tests.support.http import KEY

MEMORY = frozenset({"memory"})
WORDS = ("memory", "postgres", "redis", "kafka")
PATIENT_SECONDS = 5.0


def read_words(text: str) -> frozenset[str]:
    """The adapters that an option names.

    :raises pytest.UsageError: it names none, an unknown one, or some that do not go together.
    """
    words = frozenset(word.strip() for word in text.split(",")) - {""}
    if not words or words - set(WORDS):
        raise pytest.UsageError(f"--adapters {text}: name some of {', '.join(WORDS)}, with commas and without spaces")
    if {"memory", "postgres"} <= words:
        raise pytest.UsageError(f"--adapters {text}: memory and postgres both store; name one of them")
    if "redis" in words and "postgres" not in words:
        raise pytest.UsageError(f"--adapters {text}: redis stands in front of postgres; name both")
    return words


class Stand(msgspec.Struct, frozen=True):
    """Providers of the adapters, and the types of which there is one, however often an application is put together."""

    settings: Settings
    providers: tuple[Provider, ...]
    single: tuple[type, ...]


class MemoryMessages(Provider):
    """A log in memory, and nobody outside who is told of facts."""

    scope = Scope.APP

    @provide
    def log(self) -> MemoryLog:
        """Topics of four partitions."""
        return MemoryLog()

    @provide
    def connection(self, log: MemoryLog, settings: KafkaSettings) -> MemoryMessageSource:
        """The only member of the group."""
        return MemoryMessageSource(log, settings.group, settings.topics)

    @provide
    def source(self, connection: MemoryMessageSource) -> MessageSource:
        """The port that the consumer reads from."""
        return connection

    @provide
    def publisher(self, log: MemoryLog) -> MessagePublisher:
        """The port that appends."""
        return log

    @provide
    def outlet(self) -> Subscriber | None:
        """Nobody."""
        return None


def stand_on(words: frozenset[str], server: Callable[[str], Any]) -> Stand:
    """A stand on empty storage.

    :param words: as :func:`read_words` gives them.
    :param server: a fixture of tests/support by its name; only what is needed is asked for.
    """
    settings = Settings(
        app=AppSettings(profile="test" if "postgres" in words else "memory"),
        security=SecuritySettings(api_key=Secret(KEY)),
    )
    single: list[type] = [MemoryStore]
    if "postgres" in words:
        url = Secret(server("fresh_postgres_url"))
        settings = msgspec.structs.replace(settings, postgres=PostgresSettings(url=url, pool=5))
        single = [PostgresStore, PostgresBell]
    if "redis" in words:
        url = Secret(server("own_valkey").url)
        settings = msgspec.structs.replace(settings, redis=RedisSettings(url=url, timeout=PATIENT_SECONDS))
        single.append(Link)
    if "kafka" in words:
        settings = msgspec.structs.replace(settings, kafka=_topics_of_its_own(server("mock_kafka")))
        messages: tuple[Provider, ...] = (KafkaProvider(), KafkaEventsProvider())
        single.append(KafkaMessageSource)
    else:
        messages = (MemoryMessages(),)
        single += [MemoryLog, MemoryMessageSource]
    given = Provider(scope=Scope.APP)
    given.provide(lambda: settings.kafka, provides=KafkaSettings)
    return Stand(settings, (*providers(settings), given, *messages), tuple(single))


def _topics_of_its_own(broker: MockBroker) -> KafkaSettings:
    name = f"kit-{uuid4().hex}"
    for topic in (name, f"{name}-events"):
        broker.create_topic(topic, 2)
    return KafkaSettings(bootstrap=broker.bootstrap, topics=(name,), events_topic=f"{name}-events", group=name)
