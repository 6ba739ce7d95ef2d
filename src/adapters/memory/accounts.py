"""Accounts in memory."""

from dataclasses import dataclass
from uuid import UUID

from adapters.memory.store import MemoryStore, Tables
from core.identity.domain.account import Account, Handle
from core.identity.ports import AccountReader, Accounts
from core.kernel.errors import Contended


@dataclass(frozen=True, slots=True)
class MemoryAccounts(Accounts):
    """Keeps accounts in a draft; since one unit of work writes at a time, nobody else ever holds one."""

    tables: Tables

    async def add(self, account: Account) -> bool:
        """Keep a new account unless one of its names is taken."""
        if self._taken(account):
            return False
        self._put(account)
        return True

    async def lock(self, account_id: UUID) -> Account | None:
        """One account, or None."""
        return self.tables.accounts.get(account_id)

    async def get(self, account_id: UUID) -> Account | None:
        """One account, or None."""
        return self.tables.accounts.get(account_id)

    async def find(self, handle: Handle) -> Account | None:
        """The account with a name, or None."""
        return found(self.tables, handle)

    async def save(self, account: Account) -> None:
        """Put an account in the place of the one there is.

        :raises Contended: one of its names belongs to another.
        """
        if self._taken(account):
            raise Contended(part="memory")
        before = self.tables.accounts.get(account.id)
        for handle in before.handles if before is not None else ():
            self.tables.handles.remove(handle)
        self._put(account)

    def _taken(self, account: Account) -> bool:
        return any(self.tables.handles.get(handle) not in (None, account.id) for handle in account.handles)

    def _put(self, account: Account) -> None:
        self.tables.accounts.put(account.id, account)
        for handle in account.handles:
            self.tables.handles.put(handle, account.id)


@dataclass(frozen=True, slots=True)
class MemoryAccountReader(AccountReader):
    """Reads what is committed."""

    store: MemoryStore

    async def account(self, account_id: UUID) -> Account | None:
        """One account, or None."""
        return self.store.committed.accounts.get(account_id)

    async def find(self, handle: Handle) -> Account | None:
        """The account with a name, or None."""
        return found(self.store.committed, handle)


def found(tables: Tables, handle: Handle) -> Account | None:
    """The account with a name, or None."""
    account_id = tables.handles.get(handle)
    return None if account_id is None else tables.accounts.get(account_id)
