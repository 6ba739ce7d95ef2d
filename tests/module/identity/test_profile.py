"""What a person tells of itself, and the picture in it."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from adapters.memory.clock import FakeClock
from adapters.memory.ids import SeededIds
from adapters.storage.files import in_memory
from adapters.storage.pictures import PillowPictures
from contracts.ports.people import PeopleSubject, person
from contracts.ports.pictures import picture
from core.identity.api import AccountStatus, ProfileChanges
from core.identity.domain.errors import AccountNotFound, AvatarNotFound, ProfileNotFound, TimezoneUnknown
from core.identity.usecases.keep_avatar import ORPHANED, RemoveAvatar, SeeAvatar, SetAvatar, SweepAvatars
from core.identity.usecases.keep_profile import ChangeProfile
from core.identity.usecases.queries.profiles import GetProfile, SeeProfile
from core.kernel.actor import ANONYMOUS, Actor, ActorKind, system_actor
from core.kernel.errors import Unavailable
from core.kernel.etags import Stale
from core.kernel.files import FileStore
from core.kernel.pictures import NotAPicture
from tests.support.people import memory_people

ANN, BEN, NOBODY = (Actor(ActorKind.USER, f"user:{n}", account=person(n).id) for n in (1, 2, 3))
SWEEPER = system_actor("scheduler")


class Desk:
    """The use cases over one store."""

    def __init__(self, people: PeopleSubject, files: FileStore) -> None:
        work = people.open_work
        self.people, self.files, self.clock = people, files, FakeClock()
        self.change, self.get = ChangeProfile(work), GetProfile(people.accounts, people.profiles)
        self.see = SeeProfile(people.accounts, people.profiles)
        self.show = SetAvatar(work, files, PillowPictures(), SeededIds())
        self.hide, self.look = RemoveAvatar(work, files), SeeAvatar(files)
        self.sweep = SweepAvatars(people.profiles, files, self.clock)

    async def kept(self) -> list[str]:
        """Names of all pictures that are kept."""
        return await self.files.names("avatars", self.clock.now() + timedelta(days=10_000))


async def opened(files: FileStore) -> Desk:
    """An empty desk of two people."""
    people = memory_people()
    await people.add(person(1), person(2))
    return Desk(people, files)


@pytest.fixture
async def desk() -> Desk:
    return await opened(in_memory())


async def test_at_first_nothing_is_told(desk: Desk) -> None:
    found = await desk.get(ANN)
    assert (found.id, found.email) == (person(1).id, "Person1@example.com")
    assert (found.first_name, found.about, found.is_public, found.avatar_url) == ("", "", False, None)


async def test_what_is_not_given_stays(desk: Desk) -> None:
    await desk.change(ANN, changes=ProfileChanges(first_name="Ann", language="ru"))
    await desk.change(ANN, changes=ProfileChanges(timezone="Asia/Kathmandu", is_public=True))
    found = await desk.change(ANN, changes=ProfileChanges())
    assert (found.first_name, found.language, found.timezone) == ("Ann", "ru", "Asia/Kathmandu")
    assert found.is_public
    assert await desk.get(ANN) == found
    assert (await desk.get(BEN)).first_name == ""


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "Europe/Kiev", "UTC", "America/Argentina/Buenos_Aires"])
async def test_names_of_zones_are_known(desk: Desk, zone: str) -> None:
    assert (await desk.change(ANN, changes=ProfileChanges(timezone=zone))).timezone == zone


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "UTC+3", "europe/berlin"])
async def test_what_is_no_zone_is_refused(desk: Desk, zone: str) -> None:
    with pytest.raises(TimezoneUnknown):
        await desk.change(ANN, changes=ProfileChanges(timezone=zone, first_name="Ann"))
    assert (await desk.get(ANN)).first_name == ""


async def test_who_has_seen_another_state_changes_nothing(desk: Desk) -> None:
    with pytest.raises(Stale):
        await desk.change(ANN, changes=ProfileChanges(first_name="Ann"), if_match="another")
    assert (await desk.get(ANN)).first_name == ""


async def test_only_a_public_profile_is_seen_by_others(desk: Desk) -> None:
    with pytest.raises(ProfileNotFound):
        await desk.see(BEN, person(1).id)
    await desk.change(ANN, changes=ProfileChanges(first_name="Ann", about="Bees", is_public=True))
    seen = await desk.see(BEN, person(1).id)
    assert (seen.first_name, seen.about) == ("Ann", "Bees")
    assert not {"email", "phone", "language", "timezone"} & set(seen.__struct_fields__)
    with pytest.raises(ProfileNotFound):
        await desk.see(BEN, UUID(int=9))


async def test_nobody_sees_who_is_blocked(desk: Desk) -> None:
    await desk.change(ANN, changes=ProfileChanges(is_public=True))
    async with desk.people.open_work() as work:
        account = await work.accounts.lock(person(1).id)
        assert account is not None
        await work.accounts.save(replace(account, status=AccountStatus.BLOCKED))
    with pytest.raises(ProfileNotFound):
        await desk.see(BEN, person(1).id)


async def test_an_account_that_is_gone_has_none(desk: Desk) -> None:
    for attempt in (desk.get(NOBODY), desk.change(NOBODY, changes=ProfileChanges()), desk.hide(NOBODY)):
        with pytest.raises(AccountNotFound):
            await attempt


async def test_a_picture_is_shown_changed_and_removed(desk: Desk) -> None:
    first = (await desk.show(ANN, raw=picture("PNG"))).avatar_url
    assert first is not None
    assert (await desk.look(ANONYMOUS, UUID(first.rsplit("/", 1)[1])))[8:12] == b"WEBP"
    second = (await desk.show(ANN, raw=picture())).avatar_url
    assert second is not None
    assert second != first
    assert len(await desk.kept()) == 1
    with pytest.raises(AvatarNotFound):
        await desk.look(ANONYMOUS, UUID(first.rsplit("/", 1)[1]))
    assert (await desk.hide(ANN)).avatar_url is None
    assert (await desk.hide(ANN)).avatar_url is None
    assert await desk.kept() == []


async def test_what_is_no_picture_changes_nothing(desk: Desk) -> None:
    before = await desk.show(ANN, raw=picture())
    with pytest.raises(NotAPicture):
        await desk.show(ANN, raw=b"<svg/>")
    assert await desk.get(ANN) == before
    assert len(await desk.kept()) == 1


class Forgetful(FileStore):
    """Keeps files and fails to drop them."""

    def __init__(self) -> None:
        self.kept = in_memory()

    async def put(self, name: str, content: bytes) -> None:
        await self.kept.put(name, content)

    async def get(self, name: str) -> bytes | None:
        return await self.kept.get(name)

    async def delete(self, names: list[str]) -> None:
        raise Unavailable(part="files")

    async def names(self, folder: str, before: object) -> list[str]:
        raise Unavailable(part="files")


async def test_what_was_left_over_is_swept(desk: Desk) -> None:
    crashing = Forgetful()
    crashed = await opened(crashing)
    await crashed.show(ANN, raw=picture())
    await crashed.show(ANN, raw=picture("PNG"))
    desk = Desk(crashed.people, crashing.kept)
    shown = (await desk.get(ANN)).avatar_url
    assert shown is not None
    names = await desk.kept()
    assert len(names) == 2
    desk.clock.set(desk.clock.now() + timedelta(days=9_000))
    assert await desk.sweep(SWEEPER) == 1
    assert await desk.kept() == [f"avatars/{shown.rsplit('/', 1)[1]}.webp"]
    assert await desk.sweep(SWEEPER) == 0


async def test_young_pictures_are_not_swept(desk: Desk) -> None:
    await desk.files.put("avatars/00000000-0000-0000-0000-000000000001.webp", b"under way")
    assert timedelta(hours=1) == ORPHANED
    assert await desk.sweep(SWEEPER) == 0
    assert len(await desk.kept()) == 1
