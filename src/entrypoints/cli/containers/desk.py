"""The desk of deliveries, as the program opens it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct

from adapters.postgres.bell import PostgresBell
from adapters.postgres.deliveries import OpenPostgresOperations, PostgresDeliveryReader, PostgresFactReader
from adapters.postgres.outbox_care import PostgresOutboxReader
from adapters.postgres.settings import PostgresSettings
from adapters.postgres.store import open_store
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from core.kernel.errors import Unavailable
from core.kernel.outbox import Bell
from core.operations.usecases.decide_deliveries import DropDeliveries, ReplayDeliveries
from core.operations.usecases.follow_facts import FollowFacts
from core.operations.usecases.read_deliveries import GetBacklog, ListDeliveries
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.settings_fields import PAGE


class Desk(Struct, frozen=True):
    """What an operator does with the outbox."""

    follow: FollowFacts
    bell: Bell
    deliveries: ListDeliveries
    backlog: GetBacklog
    replay: ReplayDeliveries
    drop: DropDeliveries


@asynccontextmanager
async def open_desk(settings: PostgresSettings) -> AsyncIterator[Desk]:
    """The use cases over one database.

    :raises FaultError: it does not answer, or lacks our tables (exit code 4).
    """
    clock, bell = SystemClock(), PostgresBell(settings)
    ids = Uuid7Ids()
    try:
        async with open_store(settings) as store:
            work = OpenPostgresOperations(store, clock)
            yield Desk(
                FollowFacts(PostgresFactReader(store), clock),
                bell,
                ListDeliveries(PostgresDeliveryReader(store)),
                GetBacklog(PostgresOutboxReader(store)),
                ReplayDeliveries(work, clock, ids),
                DropDeliveries(work, clock, ids),
            )
    except Unavailable as error:
        fault = Fault(
            "PostgreSQL does not answer, or lacks the tables of this version",
            str(settings.url),
            "start it, or mend SOTY_POSTGRES_URL; ./soty db status tells whether its tables are there",
            f"{PAGE}#soty_postgres_url",
        )
        raise FaultError([fault], Exit.SERVICE_DOWN) from error
    finally:
        await bell.close()
