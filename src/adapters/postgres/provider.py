"""The PostgreSQL adapter for the container."""

from collections.abc import AsyncIterator

from dishka import Provider, Scope, provide

from adapters.postgres.accounts import PostgresAccountReader
from adapters.postgres.addresses import PostgresAddressReader
from adapters.postgres.alerts import PostgresAlertReader
from adapters.postgres.audit import PostgresAuditReader
from adapters.postgres.bell import PostgresBell
from adapters.postgres.deliveries import OpenPostgresOperations, PostgresDeliveryReader, PostgresFactReader
from adapters.postgres.factors import PostgresFactorReader
from adapters.postgres.health import PostgresHealth
from adapters.postgres.identity_work import OpenPostgresIdentity
from adapters.postgres.keys import PostgresApiKeyReader
from adapters.postgres.lanes import PostgresLanes
from adapters.postgres.ledger import PostgresLedgerReader
from adapters.postgres.leftovers import PostgresLeftovers
from adapters.postgres.movements import PostgresMovementReader
from adapters.postgres.networks import PostgresIpRuleReader
from adapters.postgres.outbox_care import PostgresOutboxReader, PostgresOutboxUpkeep
from adapters.postgres.processes import PostgresProcessReader, name_of
from adapters.postgres.profiles import PostgresProfileReader
from adapters.postgres.quarantine import PostgresQuarantineReader
from adapters.postgres.roles import PostgresPeopleReader, PostgresRoleReader
from adapters.postgres.segments import InventoryUpkeep
from adapters.postgres.sessions import PostgresSessionReader
from adapters.postgres.settings import PostgresSettings
from adapters.postgres.stocks import PostgresStockReader
from adapters.postgres.stocktakes import PostgresStocktakeReader
from adapters.postgres.store import PostgresStore, open_store
from adapters.postgres.telegram import PostgresTelegramReader
from adapters.postgres.traces import PostgresAttemptReader
from adapters.postgres.transit import PostgresTransitReader
from adapters.postgres.unit_of_work import OpenInventoryWork
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
from core.kernel.clock import Clock
from core.kernel.outbox import Bell, Lanes, OutboxReader, OutboxUpkeep
from core.kernel.upkeep import Upkeep
from core.kernel.work import OpenWork
from core.operations.ports import DeliveryReader, FactReader, OperationsWork, ProcessReader


class PostgresProvider(Provider):
    """Every storage port over one pool, which lives as long as the container."""

    scope = Scope.APP

    def __init__(self, part: str = "soty") -> None:
        """:param part: what the process is for; other processes see it."""
        super().__init__()
        self._part = part

    health = provide(PostgresHealth)
    audit = provide(PostgresAuditReader, provides=AuditReader)
    movements = provide(PostgresMovementReader, provides=MovementReader)
    transit = provide(PostgresTransitReader, provides=TransitReader)
    stocks = provide(PostgresStockReader, provides=StockReader)
    ledger = provide(PostgresLedgerReader, provides=LedgerReader)
    stocktakes = provide(PostgresStocktakeReader, provides=StocktakeReader)
    alerts = provide(PostgresAlertReader, provides=AlertReader)
    quarantine = provide(PostgresQuarantineReader, provides=QuarantineReader)
    lanes = provide(PostgresLanes, provides=Lanes)
    deliveries = provide(PostgresDeliveryReader, provides=DeliveryReader)
    facts = provide(PostgresFactReader, provides=FactReader)
    processes = provide(PostgresProcessReader, provides=ProcessReader)
    operations = provide(OpenPostgresOperations, provides=OpenWork[OperationsWork])
    outbox = provide(PostgresOutboxReader, provides=OutboxReader)
    outbox_upkeep = provide(PostgresOutboxUpkeep, provides=OutboxUpkeep)
    work = provide(OpenInventoryWork, provides=OpenWork[InventoryWork])
    identity = provide(OpenPostgresIdentity, provides=OpenWork[IdentityWork])
    accounts = provide(PostgresAccountReader, provides=AccountReader)
    profiles = provide(PostgresProfileReader, provides=ProfileReader)
    addresses = provide(PostgresAddressReader, provides=AddressReader)
    networks = provide(PostgresIpRuleReader, provides=IpRuleReader)
    sessions = provide(PostgresSessionReader, provides=SessionReader)
    roles = provide(PostgresRoleReader, provides=RoleReader)
    people = provide(PostgresPeopleReader, provides=PeopleReader)
    keys = provide(PostgresApiKeyReader, provides=ApiKeyReader)
    factors = provide(PostgresFactorReader, provides=FactorReader)
    telegram = provide(PostgresTelegramReader, provides=TelegramReader)
    leftovers = provide(PostgresLeftovers, provides=Leftovers)
    attempts = provide(PostgresAttemptReader, provides=AttemptReader)

    @provide
    async def store(self, settings: PostgresSettings, clock: Clock) -> AsyncIterator[PostgresStore]:
        """The pool, closed with the container."""
        async with open_store(settings, name_of(self._part, clock.now())) as store:
            yield store

    @provide
    async def bell(self, settings: PostgresSettings) -> AsyncIterator[PostgresBell]:
        """The listening connection, opened at first use and closed with the container."""
        bell = PostgresBell(settings)
        yield bell
        await bell.close()

    @provide
    def ringing(self, bell: PostgresBell) -> Bell:
        """The port that relays wait on."""
        return bell

    @provide
    def upkeep(self, store: PostgresStore) -> Upkeep:
        """Keeps the ledger fast."""
        return InventoryUpkeep(store)
