"""Units of work over identity."""

import asyncpg

from adapters.postgres.accounts import PostgresAccounts
from adapters.postgres.addresses import PostgresAddresses
from adapters.postgres.codes import PostgresCodes
from adapters.postgres.factors import PostgresFactors
from adapters.postgres.keys import PostgresApiKeys
from adapters.postgres.leavers import PostgresLeavers
from adapters.postgres.networks import PostgresIpRules
from adapters.postgres.profiles import PostgresProfiles
from adapters.postgres.roles import PostgresHolders, PostgresRoles
from adapters.postgres.sessions import PostgresImpersonations, PostgresRefreshTokens, PostgresSessions
from adapters.postgres.telegram import PostgresTelegramLinks
from adapters.postgres.traces import PostgresAttempts
from adapters.postgres.transactions import OpenTransaction, Transaction
from core.identity.ports import IdentityWork
from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.requests import RequestKey


class PostgresIdentityWork(Transaction, IdentityWork):
    """Repositories of identity over one transaction."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        wanted: frozenset[type[Fact]],
        request: RequestKey | None,
        clock: Clock,
    ) -> None:
        super().__init__(connection, wanted, request, clock)
        self.accounts = PostgresAccounts(connection)
        self.sessions = PostgresSessions(connection)
        self.impersonations = PostgresImpersonations(connection)
        self.refresh_tokens = PostgresRefreshTokens(connection)
        self.codes = PostgresCodes(connection)
        self.roles = PostgresRoles(connection)
        self.holders = PostgresHolders(connection)
        self.keys = PostgresApiKeys(connection)
        self.factors = PostgresFactors(connection)
        self.telegram = PostgresTelegramLinks(connection)
        self.profiles = PostgresProfiles(connection)
        self.addresses = PostgresAddresses(connection)
        self.networks = PostgresIpRules(connection)
        self.leavers = PostgresLeavers(connection)
        self.attempts = PostgresAttempts(connection)


class OpenPostgresIdentity(OpenTransaction[PostgresIdentityWork]):
    """Opens units of work over identity."""

    def _begin(self, connection: asyncpg.Connection, request: RequestKey | None) -> PostgresIdentityWork:
        return PostgresIdentityWork(connection, self._wanted, request, self._clock)
