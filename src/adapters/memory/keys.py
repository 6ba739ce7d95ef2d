"""API keys in memory."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from adapters.memory.store import MemoryStore, Tables
from core.identity.domain.account import Account
from core.identity.keys import ApiKey, ApiKeyReader, ApiKeys, ApiKeyView
from core.kernel.errors import Contended


@dataclass(frozen=True, slots=True)
class MemoryApiKeys(ApiKeys):
    """Keeps API keys in a draft."""

    tables: Tables

    async def add(self, key: ApiKey, most: int) -> bool:
        kept = list(self.tables.api_keys.values())
        if any(each.view.prefix == key.view.prefix for each in kept):
            raise Contended(part="memory")
        if sum(each.account_id == key.account_id for each in kept) >= most:
            return False
        self.tables.api_keys.put(key.view.id, key)
        return True

    async def revoke(self, account_id: UUID, key_id: UUID) -> ApiKeyView | None:
        key = self.tables.api_keys.get(key_id)
        if key is None or key.account_id != account_id:
            return None
        self.tables.api_keys.remove(key_id)
        return key.view

    async def revoke_all(self, account_id: UUID) -> list[ApiKeyView]:
        views = _of_account(self.tables, account_id)
        for view in views:
            self.tables.api_keys.remove(view.id)
        return views


@dataclass(frozen=True, slots=True)
class MemoryApiKeyReader(ApiKeyReader):
    """Reads what is committed."""

    store: MemoryStore

    async def by_prefix(self, prefix: str) -> tuple[ApiKey, Account] | None:
        kept = self.store.committed.api_keys.values()
        key = next((each for each in kept if each.view.prefix == prefix), None)
        account = None if key is None else self.store.committed.accounts.get(key.account_id)
        return None if key is None or account is None else (key, account)

    async def of_account(self, account_id: UUID) -> list[ApiKeyView]:
        return _of_account(self.store.committed, account_id)[::-1]

    async def touch(self, key_id: UUID, at: datetime) -> None:
        async with self.store.writing:
            key = self.store.committed.api_keys.get(key_id)
            if key is not None and (key.view.used_at is None or key.view.used_at < at):
                self.store.committed.api_keys.put(key_id, replace(key, view=replace(key.view, used_at=at)))


def _of_account(tables: Tables, account_id: UUID) -> list[ApiKeyView]:
    found = (each.view for each in tables.api_keys.values() if each.account_id == account_id)
    return sorted(found, key=lambda view: view.id)
