"""What every adapter promises about profiles."""

from uuid import UUID

import pytest
from msgspec.structs import replace

from contracts.ports.people import PeopleSubject, PeopleSuite, person
from core.identity.domain.profile import Profile
from core.identity.profiles import ProfileReader, Profiles

ANN, BEN = person(1), person(2)
EMPTY = Profile(account_id=ANN.id)
FULL = Profile(
    account_id=ANN.id,
    first_name="Ann",
    last_name="Smith",
    about="Grows bees.\n\N{HONEYBEE}",
    is_public=True,
    avatar=UUID(int=7),
)


class ProfilesSuite(PeopleSuite):
    """A profile is empty until something is told."""

    @pytest.fixture
    def profiles(self, people: PeopleSubject) -> ProfileReader:
        """What reads them."""
        return people.profiles

    @pytest.fixture(autouse=True)
    async def _two_people(self, people: PeopleSubject) -> None:
        await people.add(ANN, BEN)

    async def test_at_first_it_is_empty(self, people: PeopleSubject, profiles: ProfileReader) -> None:
        assert await profiles.profile(ANN.id) == EMPTY
        async with people.open_work() as work:
            assert await work.profiles.lock(ANN.id) == EMPTY

    @pytest.mark.parametrize("changed", [FULL, replace(FULL, avatar=None, is_public=False), EMPTY])
    async def test_it_is_read_as_it_was_saved(
        self, people: PeopleSubject, profiles: ProfileReader, changed: Profile
    ) -> None:
        await self._save(people, replace(FULL, first_name="before"))
        await self._save(people, changed)
        assert await profiles.profile(ANN.id) == changed
        assert await profiles.profile(BEN.id) == Profile(account_id=BEN.id)

    async def test_pictures_that_nobody_shows_are_known(self, people: PeopleSubject, profiles: ProfileReader) -> None:
        await self._save(people, FULL)
        await self._save(people, Profile(account_id=BEN.id, avatar=UUID(int=8)))
        assert await profiles.unused([UUID(int=n) for n in (9, 7, 8, 6)]) == [UUID(int=9), UUID(int=6)]
        assert await profiles.unused([]) == []

    async def _save(self, people: PeopleSubject, profile: Profile) -> None:
        async with people.open_work() as work:
            kept: Profiles = work.profiles
            await kept.lock(profile.account_id)
            await kept.save(profile)
