"""The memory adapter keeps the promises of identity's ports."""

import pytest

from adapters.memory.clock import FakeClock
from adapters.memory.secrets import OLD_SALT, CountingMint, FewBreached, PlainSigner, QuickHasher, hashed
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
from contracts.ports.secrets import BreachedPasswordsSuite, MintSuite, PasswordHasherSuite, TokenSignerSuite
from contracts.ports.sessions import ImpersonationsSuite, RefreshTokensSuite, SessionsSuite
from contracts.ports.traces import AttemptsSuite
from core.identity.grants import Grants
from core.identity.secrets import BreachedPasswords, Mint, PasswordHasher, TokenSigner
from tests.support.people import memory_people


class OnMemory:
    """Every test starts with an empty store."""

    @pytest.fixture
    def people(self) -> PeopleSubject:
        """The memory adapter."""
        return memory_people()


class TestAccounts(OnMemory, AccountsSuite):
    """Accounts."""


class TestGrants(OnMemory, GrantsSuite):
    """What roles allow."""

    @pytest.fixture
    def grants(self, people: PeopleSubject) -> Grants:
        return people.grants


class TestPeopleReader(OnMemory, PeopleReaderSuite):
    """Accounts looked for."""


class TestRoles(OnMemory, RolesSuite):
    """Roles, and who has them."""


class TestSessions(OnMemory, SessionsSuite):
    """Sessions."""


class TestImpersonations(OnMemory, ImpersonationsSuite):
    """Sessions in which somebody acts as another."""


class TestRefreshTokens(OnMemory, RefreshTokensSuite):
    """Tokens of sessions."""


class TestCodes(OnMemory, CodesSuite):
    """One-time codes."""


class TestHasher(PasswordHasherSuite):
    """The quick hasher."""

    @pytest.fixture
    def hasher(self) -> PasswordHasher:
        """Quick."""
        return QuickHasher()

    def test_one_with_the_old_salt_is_outdated(self, hasher: PasswordHasher) -> None:
        assert hasher.is_outdated(hashed(OLD_SALT, "plain"))


class TestBreached(BreachedPasswordsSuite):
    """The few."""

    @pytest.fixture
    def breached(self) -> BreachedPasswords:
        """A few."""
        return FewBreached()


class TestSigner(TokenSignerSuite):
    """The plain signer."""

    @pytest.fixture
    def signer(self, clock: FakeClock) -> TokenSigner:
        """With the usual key."""
        return PlainSigner(clock)

    @pytest.fixture
    def stranger(self, clock: FakeClock) -> TokenSigner:
        """With another key."""
        return PlainSigner(clock, b"other")


class TestMint(MintSuite):
    """The mint that counts."""

    @pytest.fixture
    def mint(self) -> Mint:
        """With the usual seed."""
        return CountingMint()

    @pytest.fixture
    def stranger(self) -> Mint:
        """With another seed."""
        return CountingMint("other")


class TestProfiles(OnMemory, ProfilesSuite):
    """Profiles."""


class TestAddresses(OnMemory, AddressesSuite):
    """Addresses."""


class TestIpRules(OnMemory, IpRulesSuite):
    """Rules about networks."""


class TestLeavers(OnMemory, LeaversSuite):
    """Those who leave."""


class TestAttempts(OnMemory, AttemptsSuite):
    """The log of sign-ins."""


class TestLeftovers(OnMemory, LeftoversSuite):
    """What nobody needs any more."""
