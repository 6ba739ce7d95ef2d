"""What the suites of identity's ports are run against, and the people in them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.identity.addresses import AddressReader
from core.identity.api import SessionKind
from core.identity.domain.account import Account
from core.identity.domain.session import Session
from core.identity.grants import Grants
from core.identity.networks import IpRuleReader
from core.identity.ports import AccountReader, IdentityWork
from core.identity.profiles import ProfileReader
from core.identity.roles import PeopleReader, RoleReader
from core.identity.sessions import SessionReader
from core.identity.traces import AttemptReader, Leftovers
from core.kernel.work import OpenWork
from tests.support.events import T0

LATER = T0 + timedelta(hours=1)


@dataclass
class PeopleSubject:
    """The storage ports of identity of one adapter over one empty store."""

    open_work: OpenWork[IdentityWork]
    accounts: AccountReader
    sessions: SessionReader
    profiles: ProfileReader
    addresses: AddressReader
    networks: IpRuleReader
    roles: RoleReader
    grants: Grants
    search: PeopleReader
    attempts: AttemptReader
    leftovers: Leftovers

    async def add(self, *accounts: Account) -> None:
        """Keep accounts in a unit of work of their own."""
        async with self.open_work() as work:
            for each in accounts:
                assert await work.accounts.add(each)

    async def begin(self, *sessions: Session) -> None:
        """Keep sessions in a unit of work of their own."""
        async with self.open_work() as work:
            for each in sessions:
                await work.sessions.add(each)


class PeopleSuite:
    """Base of the suites: a subclass per adapter says what ``people`` is."""

    @pytest.fixture
    def people(self) -> PeopleSubject:
        """The adapter under test, over an empty store."""
        raise NotImplementedError


def person(n: int, **changes: Any) -> Account:
    """Account ``n``, known by an address."""
    known = {"email": f"Person{n}@example.com", "email_key": f"person{n}@example.com", **changes}
    return Account(id=UUID(int=1 << 120 | n), created_at=T0, **known)


def session(n: int, of: Account, **changes: Any) -> Session:
    """Session ``n`` of an account."""
    known: dict[str, Any] = {
        "kind": SessionKind.BEARER,
        "created_at": T0,
        "used_at": T0,
        "proven_at": T0,
        "expires_at": T0 + timedelta(days=30),
        "address": "192.0.2.1",
        "agent": "tests",
    }
    return Session(id=UUID(int=2 << 120 | n), account_id=of.id, **{**known, **changes})
