"""Profiles in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from adapters.memory.store import MemoryStore, Tables
from core.identity.domain.profile import Profile
from core.identity.profiles import ProfileReader, Profiles


@dataclass(frozen=True, slots=True)
class MemoryProfiles(Profiles):
    """Keeps profiles in a draft."""

    tables: Tables

    async def lock(self, account_id: UUID) -> Profile:
        """The profile, or an empty one."""
        return _of(self.tables, account_id)

    async def save(self, profile: Profile) -> None:
        """Put it in the place of the one before."""
        self.tables.profiles.put(profile.account_id, profile)


@dataclass(frozen=True, slots=True)
class MemoryProfileReader(ProfileReader):
    """Reads what is committed."""

    store: MemoryStore

    async def profile(self, account_id: UUID) -> Profile:
        """The profile, or an empty one."""
        return _of(self.store.committed, account_id)

    async def unused(self, avatars: Sequence[UUID]) -> list[UUID]:
        """Pictures that no profile names."""
        used = {profile.avatar for profile in self.store.committed.profiles.values()}
        return [avatar for avatar in avatars if avatar not in used]


def _of(tables: Tables, account_id: UUID) -> Profile:
    return tables.profiles.get(account_id) or Profile(account_id=account_id)
