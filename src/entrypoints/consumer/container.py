"""Composition of the consumer."""

from dishka import STRICT_VALIDATION, AsyncContainer, Provider, Scope, make_async_container, provide

from adapters.faults.provider import MessageFaults, WorkFaults
from adapters.kafka.health import KafkaHealth
from adapters.kafka.provider import KafkaProvider
from adapters.kafka.settings import KafkaSettings
from adapters.memory.provider import MemoryProvider
from adapters.postgres.health import PostgresHealth
from adapters.postgres.provider import PostgresProvider
from adapters.postgres.settings import PostgresSettings
from adapters.system.provider import SystemProvider
from core.inventory.module import MODULE as INVENTORY
from core.kernel.outbox import Subscriptions
from core.kernel.upkeep import Upkeep
from core.kernel.work import FactListener
from entrypoints.consumer.intake import Intake
from entrypoints.consumer.metrics import IntakeMetrics
from entrypoints.consumer.parts import Parts
from entrypoints.shared.chores import MeasureQuarantine
from entrypoints.shared.containers.caching import CacheChecks, caching
from entrypoints.shared.facts import MetricsListener
from entrypoints.shared.metrics import Metrics
from entrypoints.shared.modules import MODULES
from entrypoints.shared.settings import Settings
from entrypoints.shared.wiring import subscriptions_of, use_cases_of


class ConsumerProvider(Provider):
    """What belongs to the process itself."""

    scope = Scope.APP

    metrics = provide(Metrics)
    numbers = provide(IntakeMetrics)
    listener = provide(MetricsListener, provides=FactListener)
    intake = provide(Intake)
    measuring = provide(MeasureQuarantine)

    def __init__(self, settings: Settings) -> None:
        """:param settings: whose parts the adapters get."""
        super().__init__()
        self.provide(lambda: settings.kafka, provides=KafkaSettings)
        self.provide(lambda: settings.postgres, provides=PostgresSettings)
        subscriptions = subscriptions_of(*MODULES, kafka=settings.kafka.events_topic is not None)
        self.provide(lambda: subscriptions, provides=Subscriptions)


class OnPostgres(Provider):
    """The parts over PostgreSQL."""

    scope = Scope.APP

    @provide
    def parts(
        self,
        intake: Intake,
        postgres: PostgresHealth,
        kafka: KafkaHealth,
        cache: CacheChecks,
        measuring: MeasureQuarantine,
        upkeep: Upkeep,
    ) -> Parts:
        """The intake, what readiness asks, and the chores."""
        return Parts(intake, (postgres, kafka, *cache.checks), (measuring, upkeep.keep_up))


class OnMemory(Provider):
    """The parts over the memory adapter, which needs neither care nor a check."""

    scope = Scope.APP

    @provide
    def parts(self, intake: Intake, kafka: KafkaHealth, measuring: MeasureQuarantine) -> Parts:
        """The intake, what readiness asks, and the chores."""
        return Parts(intake, (kafka,), (measuring,))


def build(settings: Settings, *overrides: Provider) -> AsyncContainer:
    """A container of this process.

    :param overrides: providers that take precedence, for tests.
    """
    memory = settings.app.profile == "memory"
    return make_async_container(
        SystemProvider(),
        KafkaProvider(),
        *(
            (MemoryProvider("consumer"), OnMemory())
            if memory
            else (PostgresProvider("consumer"), OnPostgres(), *caching(settings))
        ),
        use_cases_of(INVENTORY),
        ConsumerProvider(settings),
        *((WorkFaults(settings.faults.failpoint), MessageFaults()) if settings.faults.failpoint else ()),
        *overrides,
        validation_settings=STRICT_VALIDATION,
    )
