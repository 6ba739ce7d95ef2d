"""Composition of the scheduler."""

from collections.abc import Sequence

import msgspec
from dishka import STRICT_VALIDATION, AsyncContainer, Provider, Scope, make_async_container, provide

from adapters.faults.provider import RelayFaults, WorkFaults
from adapters.kafka.provider import KafkaEventsProvider
from adapters.kafka.settings import KafkaSettings
from adapters.postgres.health import PostgresHealth
from adapters.postgres.provider import PostgresProvider
from adapters.postgres.settings import PostgresSettings
from adapters.system.provider import SystemProvider
from core.kernel.health import HealthCheck
from core.kernel.manifest import Module
from core.kernel.outbox import Subscriptions
from core.kernel.relay import Subscriber
from core.kernel.upkeep import Upkeep
from core.kernel.work import FactListener
from entrypoints.shared.chores import Chore, MeasureQuarantine
from entrypoints.shared.containers.caching import CacheChecks, caching
from entrypoints.shared.containers.files import files
from entrypoints.shared.containers.mail import mail
from entrypoints.shared.containers.people import people
from entrypoints.shared.containers.secrets import secrets
from entrypoints.shared.facts import MetricsListener
from entrypoints.shared.metrics import Metrics
from entrypoints.shared.modules import MODULES
from entrypoints.shared.relaying import MeasureOutbox, SweepOutbox
from entrypoints.shared.settings import Settings
from entrypoints.shared.wiring import KAFKA, subscriptions_of, use_cases_of


class Parts(msgspec.Struct, frozen=True):
    """Subscribers outside Soty, what readiness asks, and what is done on the side."""

    outlets: dict[str, Subscriber]
    checks: tuple[HealthCheck, ...]
    chores: tuple[Chore, ...]


class SchedulerProvider(Provider):
    """What belongs to the process itself."""

    scope = Scope.APP

    metrics = provide(Metrics)
    listener = provide(MetricsListener, provides=FactListener)
    sweeping = provide(SweepOutbox)
    measuring = provide(MeasureOutbox)
    quarantine = provide(MeasureQuarantine)

    def __init__(self, settings: Settings, modules: Sequence[Module]) -> None:
        """:param settings: whose parts the adapters get.
        :param modules: whose reactions are subscribers.
        """
        super().__init__()
        self.provide(lambda: settings.kafka, provides=KafkaSettings)
        self.provide(lambda: settings.postgres, provides=PostgresSettings)
        subscriptions = subscriptions_of(*modules, kafka=settings.kafka.events_topic is not None)
        self.provide(lambda: subscriptions, provides=Subscriptions)

    @provide
    def parts(
        self,
        outlet: Subscriber | None,
        postgres: PostgresHealth,
        sweeping: SweepOutbox,
        measuring: MeasureOutbox,
        quarantine: MeasureQuarantine,
        upkeep: Upkeep,
        cache: CacheChecks,
    ) -> Parts:
        """Kafka is a subscriber where it has a topic; when it is away the others go on, so readiness does not ask."""
        outlets: dict[str, Subscriber] = {} if outlet is None else {KAFKA: outlet}
        return Parts(outlets, (postgres, *cache.checks), (sweeping, measuring, quarantine, upkeep.keep_up))


def build(settings: Settings, *overrides: Provider, modules: Sequence[Module] = MODULES) -> AsyncContainer:
    """A container of this process.

    :param overrides: providers that take precedence, for tests.
    :param modules: all of them, and in tests others too.
    """
    return make_async_container(
        SystemProvider(),
        KafkaEventsProvider(),
        PostgresProvider("scheduler"),
        *caching(settings),
        *secrets(settings),
        *files(settings),
        *people(settings),
        mail(settings),
        use_cases_of(*modules),
        SchedulerProvider(settings, modules),
        *((WorkFaults(settings.faults.failpoint), RelayFaults()) if settings.faults.failpoint else ()),
        *overrides,
        validation_settings=STRICT_VALIDATION,
    )
