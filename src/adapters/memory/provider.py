"""The memory adapter for the container."""

from dishka import Provider, Scope, provide

from adapters.memory.accounts import MemoryAccountReader
from adapters.memory.addresses import MemoryAddressReader
from adapters.memory.alerts import MemoryAlertReader
from adapters.memory.audit import MemoryAuditReader
from adapters.memory.cache import MemoryCache, NoCache
from adapters.memory.deliveries import MemoryDeliveryReader, MemoryFactReader
from adapters.memory.factors import MemoryFactorReader
from adapters.memory.identity_work import OpenMemoryIdentity
from adapters.memory.keys import MemoryApiKeyReader
from adapters.memory.ledger import MemoryLedgerReader
from adapters.memory.leftovers import MemoryLeftovers
from adapters.memory.limits import MemoryRateLimiter
from adapters.memory.movement_reader import MemoryMovementReader
from adapters.memory.networks import MemoryIpRuleReader
from adapters.memory.operations_work import OpenMemoryOperations
from adapters.memory.outbox import MemoryBell, MemoryLanes, MemoryOutboxReader, MemoryOutboxUpkeep
from adapters.memory.processes import MemoryProcessReader
from adapters.memory.profiles import MemoryProfileReader
from adapters.memory.quarantine_reader import MemoryQuarantineReader
from adapters.memory.roles import MemoryPeopleReader, MemoryRoleReader
from adapters.memory.sessions import MemorySessionReader
from adapters.memory.stock_reader import MemoryStockReader
from adapters.memory.stocktakes import MemoryStocktakeReader
from adapters.memory.store import MemoryStore
from adapters.memory.telegram import MemoryTelegramReader
from adapters.memory.traces import MemoryAttemptReader
from adapters.memory.transit import MemoryTransitReader
from adapters.memory.unit_of_work import OpenMemoryWork
from core.identity.addresses import AddressReader
from core.identity.factors import FactorReader
from core.identity.keys import ApiKeyReader
from core.identity.networks import IpRuleReader
from core.identity.ports import AccountReader, IdentityWork
from core.identity.profiles import ProfileReader
from core.identity.roles import PeopleReader, RoleReader
from core.identity.sessions import SessionReader
from core.identity.telegram import TelegramReader
from core.identity.traces import AttemptReader, Leftovers
from core.inventory.alerts import AlertReader
from core.inventory.ledger import LedgerReader
from core.inventory.ports import (
    InventoryWork,
    MovementReader,
    QuarantineReader,
    StockReader,
)
from core.inventory.stocktakes import StocktakeReader
from core.inventory.transit import TransitReader
from core.kernel.audit import AuditReader
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.limits import RateLimiter
from core.kernel.outbox import Bell, Lanes, OutboxReader, OutboxUpkeep
from core.kernel.work import OpenWork
from core.operations.ports import DeliveryReader, FactReader, OperationsWork, ProcessReader


class MemoryProvider(Provider):
    """Every storage port over one store, which lives as long as the container."""

    scope = Scope.APP

    def __init__(self, part: str = "soty") -> None:
        """:param part: what the process is for."""
        super().__init__()
        self._part = part

    store = provide(MemoryStore)
    cache = provide(MemoryCache, provides=Cache)
    limits = provide(MemoryRateLimiter, provides=RateLimiter)
    audit = provide(MemoryAuditReader, provides=AuditReader)
    movements = provide(MemoryMovementReader, provides=MovementReader)
    transit = provide(MemoryTransitReader, provides=TransitReader)
    stocks = provide(MemoryStockReader, provides=StockReader)
    ledger = provide(MemoryLedgerReader, provides=LedgerReader)
    stocktakes = provide(MemoryStocktakeReader, provides=StocktakeReader)
    alerts = provide(MemoryAlertReader, provides=AlertReader)
    quarantine = provide(MemoryQuarantineReader, provides=QuarantineReader)

    lanes = provide(MemoryLanes, provides=Lanes)
    bell = provide(MemoryBell, provides=Bell)
    deliveries = provide(MemoryDeliveryReader, provides=DeliveryReader)
    facts = provide(MemoryFactReader, provides=FactReader)
    operations = provide(OpenMemoryOperations, provides=OpenWork[OperationsWork])
    outbox = provide(MemoryOutboxReader, provides=OutboxReader)
    outbox_upkeep = provide(MemoryOutboxUpkeep, provides=OutboxUpkeep)
    work = provide(OpenMemoryWork, provides=OpenWork[InventoryWork])
    identity = provide(OpenMemoryIdentity, provides=OpenWork[IdentityWork])
    accounts = provide(MemoryAccountReader, provides=AccountReader)
    profiles = provide(MemoryProfileReader, provides=ProfileReader)
    addresses = provide(MemoryAddressReader, provides=AddressReader)
    networks = provide(MemoryIpRuleReader, provides=IpRuleReader)
    sessions = provide(MemorySessionReader, provides=SessionReader)
    roles = provide(MemoryRoleReader, provides=RoleReader)
    people = provide(MemoryPeopleReader, provides=PeopleReader)
    keys = provide(MemoryApiKeyReader, provides=ApiKeyReader)
    factors = provide(MemoryFactorReader, provides=FactorReader)
    telegram = provide(MemoryTelegramReader, provides=TelegramReader)
    leftovers = provide(MemoryLeftovers, provides=Leftovers)
    attempts = provide(MemoryAttemptReader, provides=AttemptReader)

    @provide
    def processes(self, clock: Clock) -> ProcessReader:
        """The reader, which knows this process alone."""
        return MemoryProcessReader(self._part, clock.now())


class NoCacheProvider(Provider):
    """For a process that shares a store with others and no cache."""

    scope = Scope.APP

    cache = provide(NoCache, provides=Cache)


class LocalLimitsProvider(Provider):
    """For a process that counts alone."""

    scope = Scope.APP

    limits = provide(MemoryRateLimiter, provides=RateLimiter)
