"""The PostgreSQL adapter keeps the promises about API keys, second factors and Telegram links."""

from collections.abc import AsyncIterator

import pytest

from adapters.memory.clock import FakeClock
from adapters.memory.facts import MemoryListener
from adapters.memory.ids import SeededIds
from adapters.postgres.factors import PostgresFactorReader
from adapters.postgres.identity_work import OpenPostgresIdentity
from adapters.postgres.keys import PostgresApiKeyReader
from adapters.postgres.telegram import PostgresTelegramReader
from contracts.ports.api_keys import ApiKeysSuite
from contracts.ports.factors import FactorsSuite
from contracts.ports.proofs_subject import ProofsSubject
from contracts.ports.telegram import TelegramLinksSuite
from core.kernel.outbox import Subscriptions
from tests.support.postgres import store_of


class OnPostgres:
    """Every test starts with an empty database."""

    @pytest.fixture
    async def subject(self, fresh_postgres_url: str) -> AsyncIterator[ProofsSubject]:
        """The PostgreSQL adapter."""
        async with store_of(fresh_postgres_url) as store:
            yield ProofsSubject(
                OpenPostgresIdentity(store, MemoryListener(()), Subscriptions({}), FakeClock(), SeededIds(0)),
                PostgresApiKeyReader(store),
                PostgresFactorReader(store),
                PostgresTelegramReader(store),
            )


class TestApiKeys(OnPostgres, ApiKeysSuite):
    """API keys."""


class TestFactors(OnPostgres, FactorsSuite):
    """Second factors."""


class TestTelegramLinks(OnPostgres, TelegramLinksSuite):
    """Telegram links."""
