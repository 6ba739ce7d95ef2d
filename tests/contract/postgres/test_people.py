"""The PostgreSQL adapter keeps the promises of identity's ports."""

from collections.abc import AsyncIterator

import pytest

from contracts.ports.accounts import AccountsSuite
from contracts.ports.addresses import AddressesSuite
from contracts.ports.codes import CodesSuite
from contracts.ports.grants import GrantsSuite
from contracts.ports.ip_rules import IpRulesSuite
from contracts.ports.leavers import LeaversSuite
from contracts.ports.leftovers import LeftoversSuite
from contracts.ports.people import PeopleSubject
from contracts.ports.profiles import ProfilesSuite
from contracts.ports.roles import PeopleReaderSuite, RolesSuite
from contracts.ports.sessions import ImpersonationsSuite, RefreshTokensSuite, SessionsSuite
from contracts.ports.traces import AttemptsSuite
from core.identity.grants import Grants
from tests.support.people import postgres_people
from tests.support.postgres import store_of


class OnPostgres:
    """Every test starts with an empty database."""

    @pytest.fixture
    async def people(self, fresh_postgres_url: str) -> AsyncIterator[PeopleSubject]:
        """The PostgreSQL adapter."""
        async with store_of(fresh_postgres_url) as store:
            yield postgres_people(store)


class TestAccounts(OnPostgres, AccountsSuite):
    """Accounts."""


class TestGrants(OnPostgres, GrantsSuite):
    """What roles allow."""

    @pytest.fixture
    def grants(self, people: PeopleSubject) -> Grants:
        return people.grants


class TestPeopleReader(OnPostgres, PeopleReaderSuite):
    """Accounts looked for."""


class TestRoles(OnPostgres, RolesSuite):
    """Roles, and who has them."""


class TestSessions(OnPostgres, SessionsSuite):
    """Sessions."""


class TestImpersonations(OnPostgres, ImpersonationsSuite):
    """Sessions in which somebody acts as another."""


class TestRefreshTokens(OnPostgres, RefreshTokensSuite):
    """Tokens of sessions."""


class TestCodes(OnPostgres, CodesSuite):
    """One-time codes."""


class TestProfiles(OnPostgres, ProfilesSuite):
    """Profiles."""


class TestAddresses(OnPostgres, AddressesSuite):
    """Addresses."""


class TestIpRules(OnPostgres, IpRulesSuite):
    """Rules about networks."""


class TestLeavers(OnPostgres, LeaversSuite):
    """Those who leave."""


class TestAttempts(OnPostgres, AttemptsSuite):
    """The log of sign-ins."""


class TestLeftovers(OnPostgres, LeftoversSuite):
    """What nobody needs any more."""
