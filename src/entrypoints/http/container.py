"""Which adapters and modules make up the HTTP process."""

from collections import Counter
from collections.abc import Callable

from dishka import (
    STRICT_VALIDATION,
    AsyncContainer,
    Provider,
    Scope,
    decorate,
    make_async_container,
    provide,
    provide_all,
)

from adapters.faults.provider import WorkFaults
from adapters.memory.provider import MemoryProvider
from adapters.postgres.health import PostgresHealth
from adapters.postgres.provider import PostgresProvider
from adapters.postgres.settings import PostgresSettings
from adapters.security.provider import SecurityProvider
from adapters.system.provider import SystemProvider
from core.identity.usecases.identify_by_key import IdentifyByKey
from core.identity.usecases.identify_person import IdentifyPerson
from core.inventory.usecases.receive_message import ReceiveMessage
from core.kernel.auth import Authenticator
from core.kernel.clock import Clock
from core.kernel.health import HealthCheck
from core.kernel.limits import RateLimiter
from core.kernel.outbox import Subscriptions
from core.kernel.upkeep import Upkeep
from core.kernel.work import FactListener
from entrypoints.http.addresses import Addresses
from entrypoints.http.callers import Callers
from entrypoints.http.cookies import Cookies
from entrypoints.http.credentials import EveryCredential
from entrypoints.http.gate import Gate
from entrypoints.http.identity.doors import Doors
from entrypoints.http.identity.granting import Granting
from entrypoints.http.identity.leaving import WaysBack
from entrypoints.http.identity.signing_in import FrontDoor
from entrypoints.http.identity.users import OtherSelf
from entrypoints.http.inventory.webhook import receive_together
from entrypoints.http.operations import OPERATIONS
from entrypoints.http.ops.door import Door
from entrypoints.http.ops.overview import Ops, Routes
from entrypoints.http.ops.site import Site
from entrypoints.http.panel.carrying import Carrying
from entrypoints.http.panel.dev_mail import DevMail
from entrypoints.http.panel.error_pages import ErrorPages
from entrypoints.http.panel.menu import Mine
from entrypoints.http.panel.mine import OfAccount
from entrypoints.http.panel.pages import PAGES
from entrypoints.http.panel.panel import Panel
from entrypoints.http.panel.visit import Visits
from entrypoints.http.panel.ways import Ways
from entrypoints.http.platform import Platform
from entrypoints.http.problems import Problems
from entrypoints.http.safety import Safety
from entrypoints.shared.chores import Chore, KeepLastSeen, MeasureQuarantine
from entrypoints.shared.containers.caching import CacheChecks, caching
from entrypoints.shared.containers.files import files
from entrypoints.shared.containers.mail import mail
from entrypoints.shared.containers.people import people
from entrypoints.shared.containers.secrets import secrets
from entrypoints.shared.facts import MetricsListener
from entrypoints.shared.metrics import Metrics
from entrypoints.shared.modules import MODULES
from entrypoints.shared.personal import GatherPersonalData
from entrypoints.shared.settings import Settings
from entrypoints.shared.wiring import subscriptions_of, use_cases_of

OF_THE_KEY = frozenset(
    permission for module in MODULES if module.name != "identity" for permission in module.permissions
)
"""What the holder of the service key may do: all but what is about people."""

Checks = tuple[HealthCheck, ...]
Chores = tuple[Chore, ...]


class ProcessProvider(Provider):
    """What belongs to the process itself."""

    scope = Scope.APP

    metrics = provide(Metrics)
    listener = provide(MetricsListener, provides=FactListener)
    platform = provide(Platform)
    ops = provide(Ops)
    door = provide(Door)
    site = provide(Site)
    problems = provide(Problems)
    error_pages = provide(ErrorPages)
    cookies = provide(Cookies)
    callers = provide(Callers)
    safety = provide(Safety)
    visits = provide(Visits)
    doors = provide(Doors)
    panel = provide(Panel)
    pages = provide_all(*PAGES)
    mine = provide(OfAccount, provides=Mine)
    carrying = provide(Carrying)
    dev_mail = provide(DevMail)
    ways = provide(Ways)
    measuring = provide(MeasureQuarantine)
    seen = provide(KeepLastSeen)
    granting = provide(Granting)
    front_door = provide(FrontDoor)
    other_self = provide(OtherSelf)
    ways_back = provide(WaysBack)


class Takeaway(Provider):
    """What people take along."""

    scope = Scope.APP

    @provide
    def gather(self, container: AsyncContainer, clock: Clock) -> GatherPersonalData:
        """From all modules; use cases are asked for when somebody wants them, as the container is busy until then."""
        return GatherPersonalData(MODULES, container.get, clock)


class People(Provider):
    """People are known beside services."""

    scope = Scope.APP

    @decorate
    def authenticator(self, services: Authenticator, person: IdentifyPerson, key: IdentifyByKey) -> Authenticator:
        """Who knows both."""
        return EveryCredential(services, person, key)


class Together(Provider):
    """What this process does otherwise than a use case alone."""

    scope = Scope.APP

    @decorate
    def webhook(self, take: ReceiveMessage) -> ReceiveMessage:
        """Messages that come at once share a transaction."""
        return receive_together(take)


def providers(settings: Settings, part: str = "http") -> list[Provider]:
    """The providers of the process; a test may add its own behind them.

    :param settings: of the whole program; the profile chooses the storage.
    :param part: what the process is for, as others see it.
    """
    return [
        _settings(settings),
        SystemProvider(),
        *secrets(settings),
        *files(settings),
        mail(settings),
        SecurityProvider(OF_THE_KEY),
        *people(settings),
        ProcessProvider(),
        use_cases_of(*MODULES),
        Together(),
        People(),
        Takeaway(),
        *_storage(settings, part),
        *([WorkFaults(settings.faults.failpoint)] if settings.faults.failpoint else []),
    ]


def build(settings: Settings, *more: Provider, part: str = "http") -> AsyncContainer:
    """The container of the process.

    :param part: what the process is for, as others see it.
    :param more: providers that override, in tests.
    """
    return make_async_container(*providers(settings, part), *more, validation_settings=STRICT_VALIDATION)


class OnPostgres(Provider):
    """What readiness asks and what is done on the side where PostgreSQL stores."""

    scope = Scope.APP

    @provide
    def checks(self, postgres: PostgresHealth, cache: CacheChecks) -> Checks:
        """The database and its schema, and the cache."""
        return (postgres, *cache.checks)

    @provide
    def chores(self, upkeep: Upkeep, measuring: MeasureQuarantine, seen: KeepLastSeen) -> Chores:
        """Upkeep too: there may be no consumer."""
        return (upkeep.keep_up, measuring, seen)


class OnMemory(Provider):
    """What is done on the side where memory stores; it needs no check."""

    scope = Scope.APP

    @provide
    def checks(self) -> Checks:
        """Nothing."""
        return ()

    @provide
    def chores(self, measuring: MeasureQuarantine, seen: KeepLastSeen) -> Chores:
        """The memory adapter needs no care."""
        return (measuring, seen)


def _settings(settings: Settings) -> Provider:
    provider = Provider(scope=Scope.APP)
    provider.provide(lambda: settings, provides=Settings)
    provider.provide(_routes, provides=Routes)
    addresses = Addresses(settings.http.trusted_proxies)
    provider.provide(lambda: addresses, provides=Addresses)
    provider.provide(_gate(settings.http.rate_limit), provides=Gate)
    provider.provide(lambda: settings.postgres, provides=PostgresSettings)
    subscriptions = subscriptions_of(*MODULES, kafka=settings.kafka.events_topic is not None)
    provider.provide(lambda: subscriptions, provides=Subscriptions)
    return provider


def _routes() -> Routes:
    """By the permission that a route needs, whose first word is its module."""
    return Counter(
        (operation.permission or "").split(".")[0] for operation in OPERATIONS if "." in (operation.permission or "")
    )


def _gate(rate: str | None) -> Callable[[RateLimiter, Addresses, Metrics], Gate]:
    def gate(limiter: RateLimiter, addresses: Addresses, metrics: Metrics) -> Gate:
        return Gate(limiter, addresses, rate, metrics)

    return gate


def _storage(settings: Settings, part: str) -> list[Provider]:
    if settings.app.profile == "memory":
        return [MemoryProvider(part), OnMemory()]
    return [PostgresProvider(part), OnPostgres(), *caching(settings)]
