"""The log of sign-ins in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from adapters.memory.store import MemoryStore, Tables
from core.identity.api import SignInMethod
from core.identity.domain.places import Place
from core.identity.traces import Attempt, AttemptReader, Attempts


@dataclass(frozen=True, slots=True)
class MemoryAttempts(Attempts):
    """Appends to a draft."""

    tables: Tables

    async def add(self, attempt: Attempt) -> None:
        """Append one."""
        self.tables.attempts.put(attempt.id, attempt)

    async def places(self, account_id: UUID) -> list[Place]:
        """Of the last 100 sessions that the owner began."""
        return [Place(each.agent, each.address) for each in islice(_begun(self.tables, account_id), 100)]


@dataclass(frozen=True, slots=True)
class MemoryAttemptReader(AttemptReader):
    """Reads what is committed; it looks at every row."""

    store: MemoryStore

    async def attempts(self, account_id: UUID, limit: int, before: UUID | None) -> list[Attempt]:
        """Tries to sign in, newest first."""
        rows = (each for each in _of(self.store.committed, account_id) if before is None or each.id < before)
        return list(islice(rows, limit))

    async def last(self, account_id: UUID, but: UUID | None = None) -> Attempt | None:
        """The newest that began a session."""
        rows = _begun(self.store.committed, account_id)
        return next((each for each in rows if each.session_id != but), None)


def _of(tables: Tables, account_id: UUID) -> list[Attempt]:
    own = (each for each in tables.attempts.values() if each.account_id == account_id)
    return sorted(own, key=lambda each: each.id, reverse=True)


def _begun(tables: Tables, account_id: UUID) -> Iterator[Attempt]:
    of_owner = (each for each in _of(tables, account_id) if each.method is not SignInMethod.IMPERSONATION)
    return (each for each in of_owner if each.session_id is not None)
