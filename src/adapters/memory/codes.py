"""One-time codes in memory."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from adapters.memory.store import Tables
from core.identity.codes import Codes
from core.identity.domain.code import Code, CodePurpose


@dataclass(frozen=True, slots=True)
class MemoryCodes(Codes):
    """Keeps codes in a draft; every look is at all of them."""

    tables: Tables

    async def put(self, code: Code) -> None:
        """Keep a code in the place of the one before it."""
        if code.account_id is None:
            before = await self.of_target(code.purpose, code.target)
        else:
            before = await self.of_account(code.purpose, code.account_id)
        if before is not None:
            self.tables.codes.remove(before.id)
        self.tables.codes.put(code.id, code)

    async def of_account(self, purpose: CodePurpose, account_id: UUID) -> Code | None:
        """The code of an account, or None."""
        return self._first(purpose, lambda code: code.account_id == account_id)

    async def of_target(self, purpose: CodePurpose, target: str) -> Code | None:
        """The code of a target that belongs to no account, or None."""
        return self._first(purpose, lambda code: code.account_id is None and code.target == target)

    async def of_link(self, purpose: CodePurpose, link_hash: bytes) -> Code | None:
        """The code with a link, or None."""
        return self._first(purpose, lambda code: code.link_hash == link_hash)

    async def save(self, code: Code) -> None:
        """Put a code in the place of the one there is."""
        self.tables.codes.put(code.id, code)

    async def void(self, purpose: CodePurpose, account_id: UUID) -> None:
        """Forget the code of an account."""
        code = await self.of_account(purpose, account_id)
        if code is not None:
            self.tables.codes.remove(code.id)

    def _first(self, purpose: CodePurpose, fits: Callable[[Code], bool]) -> Code | None:
        codes = self.tables.codes.values()
        return next((code for code in codes if code.purpose is purpose and fits(code)), None)
