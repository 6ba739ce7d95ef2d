"""What identity needs from outside: accounts, and the unit of work over all its parts."""

from abc import abstractmethod
from typing import Protocol
from uuid import UUID

from core.identity.addresses import Addresses
from core.identity.codes import Codes
from core.identity.domain.account import Account, Handle
from core.identity.factors import Factors
from core.identity.keys import ApiKeys
from core.identity.leavers import Leavers
from core.identity.networks import IpRules
from core.identity.profiles import Profiles
from core.identity.roles import Holders, Roles
from core.identity.sessions import Impersonations, RefreshTokens, Sessions
from core.identity.telegram import TelegramLinks
from core.identity.traces import Attempts
from core.kernel.audit import AuditLog
from core.kernel.facts import Fact
from core.kernel.work import Work


class Accounts(Protocol):
    """Accounts inside a unit of work."""

    @abstractmethod
    async def add(self, account: Account) -> bool:
        """Keep a new account; False, and nothing is kept, where one of its names belongs to another."""

    @abstractmethod
    async def lock(self, account_id: UUID) -> Account | None:
        """An account, held against others until the unit of work ends; None when there is none."""

    @abstractmethod
    async def get(self, account_id: UUID) -> Account | None:
        """An account that is not held; None when there is none."""

    @abstractmethod
    async def find(self, handle: Handle) -> Account | None:
        """The account to which a name belongs, held until the unit of work ends; None when it is free."""

    @abstractmethod
    async def save(self, account: Account) -> None:
        """Put an account in the place of the one that is held.

        :raises Contended: one of its names belongs to another; look for it first.
        """


class AccountReader(Protocol):
    """Reads accounts."""

    @abstractmethod
    async def account(self, account_id: UUID) -> Account | None:
        """One account, or None."""

    @abstractmethod
    async def find(self, handle: Handle) -> Account | None:
        """The account to which a name belongs; None when it is free."""


class IdentityWork(Work, Protocol):
    """A unit of work over identity."""

    audit: AuditLog
    accounts: Accounts
    sessions: Sessions
    impersonations: Impersonations
    refresh_tokens: RefreshTokens
    codes: Codes
    roles: Roles
    holders: Holders
    keys: ApiKeys
    factors: Factors
    telegram: TelegramLinks
    profiles: Profiles
    addresses: Addresses
    networks: IpRules
    leavers: Leavers
    attempts: Attempts
    wanted: frozenset[type[Fact]]
