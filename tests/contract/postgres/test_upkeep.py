"""The upkeep of the ledger keeps the promises of its port."""

from collections.abc import AsyncIterator

import pytest

from adapters.postgres.segments import InventoryUpkeep
from adapters.postgres.store import PostgresStore
from contracts.ports.subject import Subject
from contracts.ports.upkeep import UpkeepSuite
from core.kernel.upkeep import Upkeep
from tests.support.postgres import postgres_subject, store_of


class TestInventoryUpkeep(UpkeepSuite):
    """A segment is full after two events."""

    @pytest.fixture
    async def store(self, fresh_postgres_url: str) -> AsyncIterator[PostgresStore]:
        async with store_of(fresh_postgres_url) as store:
            yield store

    @pytest.fixture
    def subject(self, store: PostgresStore) -> Subject:
        return postgres_subject(store)

    @pytest.fixture
    def upkeep(self, store: PostgresStore) -> Upkeep:
        return InventoryUpkeep(store, rows=2)
