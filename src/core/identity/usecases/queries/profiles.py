"""Read profiles."""

from dataclasses import dataclass
from uuid import UUID

from core.identity.api import AccountStatus, ProfileView, PublicProfile
from core.identity.domain.errors import AccountNotFound, ProfileNotFound
from core.identity.domain.profile import profile_view, public_profile
from core.identity.ports import AccountReader
from core.identity.profiles import ProfileReader
from core.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class GetProfile:
    """One's own profile."""

    accounts: AccountReader
    profiles: ProfileReader

    async def __call__(self, actor: Actor) -> ProfileView:
        """All of it.

        :raises PersonNeeded: a service asks.
        :raises AccountNotFound: the account is gone.
        """
        owner = actor.person(even_limited=True)
        account = await self.accounts.account(owner)
        if account is None:
            raise AccountNotFound
        return profile_view(account, await self.profiles.profile(owner))


@dataclass(frozen=True, slots=True)
class SeeProfile:
    """The profile of somebody who shows it."""

    accounts: AccountReader
    profiles: ProfileReader

    async def __call__(self, actor: Actor, account_id: UUID) -> PublicProfile:
        """What everybody sees of it.

        :raises PersonNeeded: a service asks.
        :raises ProfileNotFound: there is none, or it is not shown.
        """
        actor.person()
        account = await self.accounts.account(account_id)
        profile = await self.profiles.profile(account_id)
        if account is None or account.status is not AccountStatus.ACTIVE or not profile.is_public:
            raise ProfileNotFound
        return public_profile(account, profile)
