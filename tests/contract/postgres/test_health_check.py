"""The health check of PostgreSQL keeps the promises of its port."""

from collections.abc import AsyncIterator

import pytest

from adapters.embedded.postgres import EmbeddedPostgres
from adapters.postgres.health import PostgresHealth
from contracts.ports.health_check import HealthCheckSuite
from core.kernel.health import HealthCheck
from tests.support.postgres import store_of


class TestPostgresHealth(HealthCheckSuite):
    """A migrated database, and one without tables."""

    @pytest.fixture
    async def healthy(self, postgres_url: str) -> AsyncIterator[HealthCheck]:
        async with store_of(postgres_url) as store:
            yield PostgresHealth(store)

    @pytest.fixture
    async def broken(self, postgres_server: EmbeddedPostgres) -> AsyncIterator[HealthCheck]:
        async with store_of(postgres_server.url_of("postgres")) as store:
            yield PostgresHealth(store)
