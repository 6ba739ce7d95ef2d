"""Keep the picture of a person."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from core.identity.api import ProfileView
from core.identity.domain.errors import AvatarNotFound
from core.identity.domain.profile import AVATARS, avatar_of, file_of, profile_view
from core.identity.ports import IdentityWork
from core.identity.profiles import ProfileReader
from core.identity.usecases.keep_profile import held
from core.kernel.actor import Actor
from core.kernel.clock import Clock
from core.kernel.errors import Unavailable
from core.kernel.files import FileStore
from core.kernel.ids import Ids
from core.kernel.pictures import Pictures
from core.kernel.work import OpenWork, again_if_contended

ORPHANED = timedelta(hours=1)
"""How long after it was kept a picture that no profile shows is one that nobody will show."""


@dataclass(frozen=True, slots=True)
class SetAvatar:
    """Show a picture."""

    work: OpenWork[IdentityWork]
    files: FileStore
    pictures: Pictures
    ids: Ids

    async def __call__(self, actor: Actor, *, raw: bytes) -> ProfileView:
        """Draw it anew, keep it, and show it in the place of the one before.

        The file is kept before the profile names it, and dropped after the profile names another: at no moment a
        profile shows what is not there. What a crash leaves over is swept.

        :param raw: a JPEG, PNG or WebP.
        :raises PersonNeeded: a service calls.
        :raises NotAPicture: it cannot be drawn.
        :raises PictureTooLarge: it has too many pixels.
        :raises AccountNotFound: the account is gone.
        """
        owner = actor.person()
        drawn = await self.pictures.portrait(raw)
        avatar = self.ids.new()
        await self.files.put(file_of(avatar), drawn)
        view, before = await again_if_contended(lambda: _show(self.work, owner, avatar))
        await _drop(self.files, before)
        return view


@dataclass(frozen=True, slots=True)
class RemoveAvatar:
    """Show no picture any more."""

    work: OpenWork[IdentityWork]
    files: FileStore

    async def __call__(self, actor: Actor) -> ProfileView:
        """Take it out of the profile, then drop it; nothing happens where there is none.

        :raises PersonNeeded: a service calls.
        :raises AccountNotFound: the account is gone.
        """
        owner = actor.person()
        view, before = await again_if_contended(lambda: _show(self.work, owner, None))
        await _drop(self.files, before)
        return view


@dataclass(frozen=True, slots=True)
class SeeAvatar:
    """Look at a picture; whoever knows its id was shown it."""

    files: FileStore

    async def __call__(self, actor: Actor, avatar: UUID) -> bytes:
        """The picture as a WebP.

        :raises AvatarNotFound: there is none.
        """
        found = await self.files.get(file_of(avatar))
        if found is None:
            raise AvatarNotFound
        return found


@dataclass(frozen=True, slots=True)
class SweepAvatars:
    """Drop pictures that no profile shows."""

    profiles: ProfileReader
    files: FileStore
    clock: Clock

    async def __call__(self, actor: Actor) -> int:
        """Look at those that were kept more than an hour ago.

        :returns: how many were dropped.
        """
        names = await self.files.names(AVATARS, self.clock.now() - ORPHANED)
        unused = await self.profiles.unused([avatar_of(name) for name in names])
        await self.files.delete([file_of(avatar) for avatar in unused])
        return len(unused)


async def _show(open_work: OpenWork[IdentityWork], owner: UUID, avatar: UUID | None) -> tuple[ProfileView, UUID | None]:
    """Name another picture in a profile; returns also the one before."""
    async with open_work() as work:
        account, profile = await held(work, owner)
        after = replace(profile, avatar=avatar)
        await work.profiles.save(after)
        return profile_view(account, after), profile.avatar


async def _drop(files: FileStore, avatar: UUID | None) -> None:
    """Drop a picture that nobody shows any more, now or with the next sweep."""
    if avatar is not None:
        with suppress(Unavailable):
            await files.delete([file_of(avatar)])
