"""What profiles need from outside."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from core.identity.domain.profile import Profile


class Profiles(Protocol):
    """Profiles inside a unit of work."""

    @abstractmethod
    async def lock(self, account_id: UUID) -> Profile:
        """The profile of an account that is held; an empty one where nothing was told yet."""

    @abstractmethod
    async def save(self, profile: Profile) -> None:
        """Put a profile in the place of the one before, if there is one."""


class ProfileReader(Protocol):
    """Reads profiles."""

    @abstractmethod
    async def profile(self, account_id: UUID) -> Profile:
        """The profile of an account; an empty one where nothing was told yet."""

    @abstractmethod
    async def unused(self, avatars: Sequence[UUID]) -> list[UUID]:
        """Those of some pictures that no profile shows, in the same order."""
