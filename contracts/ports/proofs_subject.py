"""What the suites of API keys, second factors and Telegram links are run against."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

import pytest

from core.identity.domain.account import Account
from core.identity.factors import FactorReader
from core.identity.keys import ApiKeyReader
from core.identity.ports import IdentityWork
from core.identity.telegram import TelegramReader
from core.kernel.work import OpenWork

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_numbers = count(1)


def fresh_id() -> UUID:
    """An id that no other test has; later ones are higher."""
    return UUID(int=7 << 124 | next(_numbers) << 40 | 7)


def account_of(account_id: UUID) -> Account:
    """The account with an id."""
    return Account(id=account_id, created_at=NOON)


@dataclass
class ProofsSubject:
    """The storage ports of one adapter over one store."""

    open_work: OpenWork[IdentityWork]
    keys: ApiKeyReader
    factors: FactorReader
    telegram: TelegramReader

    async def person(self) -> UUID:
        """The id of a new account."""
        account = account_of(fresh_id())
        async with self.open_work() as work:
            assert await work.accounts.add(account)
        return account.id


class ProofsSuite:
    """Base of the suites: a subclass per adapter says what ``subject`` is."""

    @pytest.fixture
    def subject(self) -> ProofsSubject:
        """The adapter under test."""
        raise NotImplementedError
