"""The PostgreSQL adapter keeps the promises of the desk of deliveries."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from adapters.postgres.deliveries import OpenPostgresOperations, PostgresDeliveryReader, PostgresFactReader
from contracts.ports.deliveries import DeliveriesSuite, DeliveryReaderSuite, DeskSubject, FactReaderSuite
from tests.contract.postgres.test_outbox import bell_of, outbox
from tests.support.postgres import store_of


class OnPostgres:
    """Every test starts with an empty database."""

    @pytest.fixture
    async def subject(self, fresh_postgres_url: str) -> AsyncIterator[DeskSubject]:
        """The PostgreSQL adapter."""
        async with AsyncExitStack() as stack:
            store = await stack.enter_async_context(store_of(fresh_postgres_url))
            bell = await stack.enter_async_context(bell_of(fresh_postgres_url))
            subject = outbox(store, bell, bell)
            work = OpenPostgresOperations(store, subject.clock)
            yield DeskSubject(subject, PostgresDeliveryReader(store), PostgresFactReader(store), work)


class TestDeliveryReader(OnPostgres, DeliveryReaderSuite):
    """Lists."""


class TestFactReader(OnPostgres, FactReaderSuite):
    """The outbox."""


class TestDeliveries(OnPostgres, DeliveriesSuite):
    """Replay and drop."""
