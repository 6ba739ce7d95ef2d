"""Deleted accounts in memory."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from adapters.memory.store import Tables
from adapters.memory.tables import Table
from core.identity.api import AccountStatus
from core.identity.domain.account import Account
from core.identity.leavers import Leavers


@dataclass(frozen=True, slots=True)
class MemoryLeavers(Leavers):
    """Drops what belongs to an account table by table."""

    tables: Tables

    async def next(self, now: datetime) -> Account | None:
        """The first whose time has come, or None."""
        accounts = self.tables.accounts.values()
        return next((each for each in accounts if _is_due(each, now)), None)

    async def remove(self, account_id: UUID) -> None:
        """Drop the account, its names, and all rows that name it."""
        account = self.tables.accounts.get(account_id)
        for handle in account.handles if account is not None else ():
            self.tables.handles.remove(handle)
        gone = {key for key, session in self.tables.sessions.items() if session.account_id == account_id}
        for digest, token in list(self.tables.refresh_tokens.items()):
            if token.session_id in gone:
                self.tables.refresh_tokens.remove(digest)
        for holding, (holder, _) in list(self.tables.holders.items()):
            if holder == account_id:
                self.tables.holders.remove(holding)
        for recovery, owner in list(self.tables.recovery_codes.items()):
            if owner == account_id:
                self.tables.recovery_codes.remove(recovery)
        self._remove_rows(account_id)

    def _remove_rows(self, account_id: UUID) -> None:
        tables = self.tables
        owned_by: tuple[Table[UUID, Any], ...] = (
            tables.sessions,
            tables.codes,
            tables.api_keys,
            tables.addresses,
            tables.ip_rules,
            tables.attempts,
        )
        for owned in owned_by:
            for key, row in list(owned.items()):
                if row.account_id == account_id:
                    owned.remove(key)
        for single in (tables.accounts, tables.profiles, tables.totps, tables.telegram_links):
            if single.get(account_id) is not None:
                single.remove(account_id)


def _is_due(account: Account, now: datetime) -> bool:
    is_leaving = account.status is AccountStatus.DELETED and account.delete_at is not None
    return is_leaving and account.delete_at is not None and account.delete_at <= now
