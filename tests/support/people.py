"""The adapters of identity as subjects of the port suites."""

from adapters.memory.accounts import MemoryAccountReader
from adapters.memory.addresses import MemoryAddressReader
from adapters.memory.clock import FakeClock
from adapters.memory.facts import MemoryListener
from adapters.memory.identity_work import OpenMemoryIdentity
from adapters.memory.ids import SeededIds
from adapters.memory.leftovers import MemoryLeftovers
from adapters.memory.networks import MemoryIpRuleReader
from adapters.memory.profiles import MemoryProfileReader
from adapters.memory.roles import MemoryPeopleReader, MemoryRoleReader
from adapters.memory.sessions import MemorySessionReader
from adapters.memory.store import MemoryStore
from adapters.memory.traces import MemoryAttemptReader
from adapters.postgres.accounts import PostgresAccountReader
from adapters.postgres.addresses import PostgresAddressReader
from adapters.postgres.identity_work import OpenPostgresIdentity
from adapters.postgres.leftovers import PostgresLeftovers
from adapters.postgres.networks import PostgresIpRuleReader
from adapters.postgres.profiles import PostgresProfileReader
from adapters.postgres.roles import PostgresPeopleReader, PostgresRoleReader
from adapters.postgres.sessions import PostgresSessionReader
from adapters.postgres.store import PostgresStore
from adapters.postgres.traces import PostgresAttemptReader
from contracts.ports.people import PeopleSubject
from core.identity.grants import RoleGrants
from core.identity.rights import Rights
from core.kernel.outbox import Subscriptions

RIGHTS = Rights({"identity.read", "identity.owners", "identity.status", "inventory.read", "inventory.record"})


def memory_people() -> PeopleSubject:
    """An empty memory store."""
    store = MemoryStore()
    work = OpenMemoryIdentity(store, MemoryListener(()), Subscriptions({}), FakeClock(), SeededIds(0))
    return PeopleSubject(
        work,
        MemoryAccountReader(store),
        MemorySessionReader(store),
        MemoryProfileReader(store),
        MemoryAddressReader(store),
        MemoryIpRuleReader(store),
        MemoryRoleReader(store),
        RoleGrants(MemoryRoleReader(store), RIGHTS),
        MemoryPeopleReader(store),
        MemoryAttemptReader(store),
        MemoryLeftovers(store),
    )


def postgres_people(store: PostgresStore) -> PeopleSubject:
    """An empty database."""
    work = OpenPostgresIdentity(store, MemoryListener(()), Subscriptions({}), FakeClock(), SeededIds(0))
    return PeopleSubject(
        work,
        PostgresAccountReader(store),
        PostgresSessionReader(store),
        PostgresProfileReader(store),
        PostgresAddressReader(store),
        PostgresIpRuleReader(store),
        PostgresRoleReader(store),
        RoleGrants(PostgresRoleReader(store), RIGHTS),
        PostgresPeopleReader(store),
        PostgresAttemptReader(store),
        PostgresLeftovers(store),
    )
