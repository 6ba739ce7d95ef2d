"""What one-time codes need from outside."""

from abc import abstractmethod
from typing import Protocol
from uuid import UUID

from core.identity.domain.code import Code, CodePurpose


class Codes(Protocol):
    """One-time codes inside a unit of work; of each purpose an account, or a target without account, has one."""

    @abstractmethod
    async def put(self, code: Code) -> None:
        """Keep a code in the place of the one before it of the same purpose and owner, which is void from now on."""

    @abstractmethod
    async def of_account(self, purpose: CodePurpose, account_id: UUID) -> Code | None:
        """The code of an account, held against others until the unit of work ends; None when there is none."""

    @abstractmethod
    async def of_target(self, purpose: CodePurpose, target: str) -> Code | None:
        """The code of a target that belongs to no account, held likewise; None when there is none."""

    @abstractmethod
    async def of_link(self, purpose: CodePurpose, link_hash: bytes) -> Code | None:
        """The code with a link, held likewise; None when there is none."""

    @abstractmethod
    async def save(self, code: Code) -> None:
        """Put a code in the place of the one that is held."""

    @abstractmethod
    async def void(self, purpose: CodePurpose, account_id: UUID) -> None:
        """Forget the code of an account, if there is one."""
