"""One's own profile, and those that others show."""

from uuid import UUID

import msgspec

from core.identity.api import ProfileChanges, ProfileView, PublicProfile
from core.identity.usecases.keep_avatar import RemoveAvatar, SeeAvatar, SetAvatar
from core.identity.usecases.keep_profile import ChangeProfile
from core.identity.usecases.queries.profiles import GetProfile, SeeProfile
from core.kernel.pictures import MOST_BYTES
from entrypoints.http.answer import Answer
from entrypoints.http.operation import PERSON as ANY_PERSON
from entrypoints.http.operation import SIGNED_IN, Call, NoQuery, Operation

PICTURES = "image/*"
WEBP = "image/webp"
PERSON = UUID("01951930-0000-7000-8000-00000000000a")
PICTURE = UUID("01951930-0000-7000-8000-00000000000b")
DRAWN = [
    (b"content-type", WEBP.encode()),
    (b"cache-control", b"public, max-age=31536000, immutable"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"content-disposition", b"inline"),
]

ANN = ProfileView(
    id=PERSON,
    email="ann@example.com",
    username="ann",
    phone=None,
    first_name="Ann",
    last_name="Smith",
    about="Keeps bees.",
    language="en",
    timezone="Europe/Berlin",
    is_public=True,
    avatar_url=f"/api/v1/avatars/{PICTURE}",
)
SHOWN = PublicProfile(
    id=PERSON,
    username="ann",
    first_name="Ann",
    last_name="Smith",
    about="Keeps bees.",
    avatar_url=ANN.avatar_url,
)


async def read_profile(get: GetProfile, call: Call[NoQuery, None]) -> ProfileView:
    """One's own profile."""
    return await get(call.actor)


async def change_profile(change: ChangeProfile, call: Call[NoQuery, ProfileChanges]) -> ProfileView:
    """Change some of it."""
    return await change(call.actor, changes=call.body, if_match=call.if_match)


async def set_avatar(show: SetAvatar, call: Call[NoQuery, bytes]) -> ProfileView:
    """Show a picture."""
    return await show(call.actor, raw=call.body)


async def remove_avatar(hide: RemoveAvatar, call: Call[NoQuery, None]) -> ProfileView:
    """Show none."""
    return await hide(call.actor)


async def see_avatar(look: SeeAvatar, call: Call[NoQuery, None]) -> Answer:
    """The picture; another one has another address."""
    return Answer(200, await look(call.actor, call.ids["avatar_id"]), DRAWN)


async def see_profile(see: SeeProfile, call: Call[NoQuery, None]) -> PublicProfile:
    """What everybody sees of it."""
    return await see(call.actor, call.ids["account_id"])


OPERATIONS = (
    Operation(
        method="GET",
        path="/api/v1/profile",
        tag="profile",
        summary="Read one's own profile",
        acts_on=GetProfile,
        act=read_profile,
        permission=ANY_PERSON,
        answer=ProfileView,
        example=ANN,
        etag=True,
        errors=("identity.account_not_found",),
    ),
    Operation(
        method="PATCH",
        path="/api/v1/profile",
        tag="profile",
        summary="Change some of one's own profile; what is absent stays",
        acts_on=ChangeProfile,
        act=change_profile,
        permission=SIGNED_IN,
        answer=ProfileView,
        example=ANN,
        body=ProfileChanges,
        body_example=ProfileChanges(first_name="Ann", timezone="Europe/Berlin"),
        etag=True,
        errors=("identity.account_not_found", "identity.timezone_unknown"),
    ),
    Operation(
        method="PUT",
        path="/api/v1/profile/avatar",
        tag="profile",
        summary="Show a picture: JPEG, PNG or WebP, at most 5 MB and 40 million pixels; only its pixels are kept",
        acts_on=SetAvatar,
        act=set_avatar,
        permission=SIGNED_IN,
        answer=ProfileView,
        example=ANN,
        body=bytes,
        body_shape=bytes,
        takes=PICTURES,
        most=MOST_BYTES,
        errors=("identity.account_not_found", "kernel.not_a_picture", "kernel.picture_too_large"),
    ),
    Operation(
        method="DELETE",
        path="/api/v1/profile/avatar",
        tag="profile",
        summary="Show no picture any more",
        acts_on=RemoveAvatar,
        act=remove_avatar,
        permission=SIGNED_IN,
        answer=ProfileView,
        example=msgspec.structs.replace(ANN, avatar_url=None),
        errors=("identity.account_not_found",),
    ),
    Operation(
        method="GET",
        path="/api/v1/avatars/{avatar_id}",
        tag="profile",
        summary="Look at the picture of a person; its address is in the profile",
        acts_on=SeeAvatar,
        act=see_avatar,
        permission=None,
        answer=bytes,
        example=None,
        media=WEBP,
        errors=("identity.avatar_not_found",),
    ),
    Operation(
        method="GET",
        path="/api/v1/profiles/{account_id}",
        tag="profile",
        summary="Read the profile of somebody who shows it",
        acts_on=SeeProfile,
        act=see_profile,
        permission=SIGNED_IN,
        answer=PublicProfile,
        example=SHOWN,
        errors=("identity.profile_not_found",),
    ),
)
