"""Telegram links in memory."""

from dataclasses import dataclass
from uuid import UUID

from adapters.memory.store import MemoryStore, Tables
from core.identity.telegram import TelegramLink, TelegramLinks, TelegramReader


@dataclass(frozen=True, slots=True)
class MemoryTelegramLinks(TelegramLinks):
    """Keeps links in a draft; since one unit of work writes at a time, nobody else ever holds one."""

    tables: Tables

    async def lock(self, telegram_id: int) -> TelegramLink | None:
        return _of_user(self.tables, telegram_id)

    async def put(self, link: TelegramLink) -> None:
        before = _of_user(self.tables, link.user.id)
        if before is not None:
            self.tables.telegram_links.remove(before.account_id)
        self.tables.telegram_links.put(link.account_id, link)

    async def remove(self, account_id: UUID) -> TelegramLink | None:
        link = self.tables.telegram_links.get(account_id)
        if link is not None:
            self.tables.telegram_links.remove(account_id)
        return link


@dataclass(frozen=True, slots=True)
class MemoryTelegramReader(TelegramReader):
    """Reads what is committed."""

    store: MemoryStore

    async def of_account(self, account_id: UUID) -> TelegramLink | None:
        return self.store.committed.telegram_links.get(account_id)

    async def of_user(self, telegram_id: int) -> TelegramLink | None:
        return _of_user(self.store.committed, telegram_id)


def _of_user(tables: Tables, telegram_id: int) -> TelegramLink | None:
    return next((each for each in tables.telegram_links.values() if each.user.id == telegram_id), None)
