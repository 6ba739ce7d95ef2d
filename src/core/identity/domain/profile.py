"""What a person tells of itself."""

from uuid import UUID

import msgspec

from core.identity.api import ProfileView, PublicProfile
from core.identity.domain.account import Account

AVATARS = "avatars"


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside the account of a person; ``avatar`` is the id of a picture."""

    account_id: UUID
    first_name: str = ""
    last_name: str = ""
    about: str = ""
    is_public: bool = False
    avatar: UUID | None = None


def file_of(avatar: UUID) -> str:
    """The name under which a picture is kept."""
    return f"{AVATARS}/{avatar}.webp"


def avatar_of(file: str) -> UUID:
    """The id of the picture that is kept under a name.

    :raises ValueError: no picture is kept under such a name.
    """
    return UUID(file.removeprefix(f"{AVATARS}/").removesuffix(".webp"))


def profile_view(account: Account, profile: Profile) -> ProfileView:
    """What a person sees of its own profile."""
    return ProfileView(
        id=account.id,
        email=account.email,
        username=account.username,
        phone=account.phone,
        first_name=profile.first_name,
        last_name=profile.last_name,
        about=profile.about,
        language=account.language,
        timezone=account.timezone,
        is_public=profile.is_public,
        avatar_url=url_of(profile.avatar),
    )


def public_profile(account: Account, profile: Profile) -> PublicProfile:
    """What everybody sees of a public profile."""
    return PublicProfile(
        id=account.id,
        username=account.username,
        first_name=profile.first_name,
        last_name=profile.last_name,
        about=profile.about,
        avatar_url=url_of(profile.avatar),
    )


def url_of(avatar: UUID | None) -> str | None:
    """Where a picture can be seen; None where there is none."""
    return None if avatar is None else f"/api/v1/avatars/{avatar}"
