"""Second factors in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from adapters.memory.store import MemoryStore, Tables
from core.identity.factors import FactorReader, Factors, SecondFactorView, Totp


@dataclass(frozen=True, slots=True)
class MemoryFactors(Factors):
    """Keeps second factors in a draft; since one unit of work writes at a time, nobody else ever holds one."""

    tables: Tables

    async def lock(self, account_id: UUID) -> Totp | None:
        return self.tables.totps.get(account_id)

    async def put(self, totp: Totp) -> None:
        self.tables.totps.put(totp.account_id, totp)

    async def remove(self, account_id: UUID) -> None:
        self.tables.totps.remove(account_id)
        await self.set_recovery(account_id, ())

    async def set_recovery(self, account_id: UUID, digests: Sequence[bytes]) -> None:
        for key in [key for key in dict(self.tables.recovery_codes.items()) if key[0] == account_id]:
            self.tables.recovery_codes.remove(key)
        for digest in digests:
            self.tables.recovery_codes.put((account_id, digest), account_id)

    async def use_recovery(self, account_id: UUID, digest: bytes) -> bool:
        if self.tables.recovery_codes.get((account_id, digest)) is None:
            return False
        self.tables.recovery_codes.remove((account_id, digest))
        return True


@dataclass(frozen=True, slots=True)
class MemoryFactorReader(FactorReader):
    """Reads what is committed."""

    store: MemoryStore

    async def second_factor(self, account_id: UUID) -> SecondFactorView:
        totp = self.store.committed.totps.get(account_id)
        left = sum(each == account_id for each in self.store.committed.recovery_codes.values())
        since = None if totp is None else totp.confirmed_at
        return SecondFactorView(since is not None, since, left)
