"""Keep what one tells of oneself."""

from dataclasses import dataclass
from uuid import UUID

from msgspec import UNSET
from msgspec.structs import asdict, replace

from core.identity.api import ProfileChanges, ProfileView
from core.identity.domain.account import Account
from core.identity.domain.errors import AccountNotFound, TimezoneUnknown
from core.identity.domain.profile import Profile, profile_view
from core.identity.domain.zones import is_zone
from core.identity.ports import IdentityWork
from core.kernel import etags
from core.kernel.actor import Actor
from core.kernel.work import OpenWork, again_if_contended

_OF_ACCOUNT = ("language", "timezone")


@dataclass(frozen=True, slots=True)
class ChangeProfile:
    """Change some of one's profile."""

    work: OpenWork[IdentityWork]

    async def __call__(self, actor: Actor, *, changes: ProfileChanges, if_match: str | None = None) -> ProfileView:
        """Put what is given in the place of what was there; what is not given stays.

        :param if_match: entity tag of the profile that the caller has seen.
        :raises PersonNeeded: a service calls.
        :raises TimezoneUnknown: the time zone is none of the IANA database.
        :raises AccountNotFound: the account is gone.
        :raises Stale: the profile was changed since.
        """
        owner = actor.person()
        given = {name: value for name, value in asdict(changes).items() if value is not UNSET}
        if "timezone" in given and not is_zone(given["timezone"]):
            raise TimezoneUnknown(timezone=given["timezone"])
        return await again_if_contended(lambda: self._change(owner, given, if_match))

    async def _change(self, owner: UUID, given: dict[str, object], if_match: str | None) -> ProfileView:
        async with self.work() as work:
            account, profile = await held(work, owner)
            etags.match(if_match, profile_view(account, profile))
            of_account = {name: given[name] for name in _OF_ACCOUNT if name in given}
            if of_account:
                account = replace(account, version=account.version + 1, **of_account)
                await work.accounts.save(account)
            profile = replace(profile, **{name: given[name] for name in given if name not in _OF_ACCOUNT})
            await work.profiles.save(profile)
            return profile_view(account, profile)


async def held(work: IdentityWork, owner: UUID) -> tuple[Account, Profile]:
    """An account and its profile, held against others until the unit of work ends.

    :raises AccountNotFound: there is no such account.
    """
    account = await work.accounts.lock(owner)
    if account is None:
        raise AccountNotFound
    return account, await work.profiles.lock(owner)
