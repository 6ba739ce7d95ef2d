"""What every adapter promises about accounts."""

import asyncio

import pytest
from msgspec.structs import replace

from contracts.ports.people import LATER, PeopleSubject, PeopleSuite, person
from core.identity.api import AccountStatus
from core.identity.domain.account import Handle, HandleKind
from core.identity.ports import AccountReader, Accounts
from core.kernel.errors import Contended
from core.kernel.work import again_if_contended

FULL = person(
    1,
    email_verified_at=LATER,
    username="Ann",
    username_key="ann",
    phone="+4930123456",
    phone_verified_at=LATER,
    password_hash="kept",
    status=AccountStatus.BLOCKED,
    blocked_reason="spam",
    delete_at=LATER,
    language="ru",
    timezone="Europe/Berlin",
    version=7,
    authz_version=3,
)


class AccountsSuite(PeopleSuite):
    """Accounts added, found by each of their names, changed; no name belongs to two."""

    async def test_nobody(self, people: PeopleSubject) -> None:
        reader: AccountReader = people.accounts
        assert await reader.account(FULL.id) is None
        assert await reader.find(Handle(HandleKind.EMAIL, "nobody@example.com")) is None
        async with people.open_work() as work:
            assert await work.accounts.lock(FULL.id) is None
            assert await work.accounts.get(FULL.id) is None
            assert await work.accounts.find(Handle(HandleKind.PHONE, "+4930123456")) is None

    async def test_all_of_it_is_kept(self, people: PeopleSubject) -> None:
        await people.add(FULL, person(2))
        assert await people.accounts.account(FULL.id) == FULL
        assert await people.accounts.account(person(2).id) == person(2)

    async def test_it_is_found_by_each_of_its_names(self, people: PeopleSubject) -> None:
        await people.add(FULL, person(2))
        assert len(FULL.handles) == 3
        async with people.open_work() as work:
            accounts: Accounts = work.accounts
            assert await accounts.lock(FULL.id) == await accounts.get(FULL.id) == FULL
            for handle in FULL.handles:
                assert await accounts.find(handle) == await people.accounts.find(handle) == FULL
        swapped = Handle(HandleKind.USERNAME, "person1@example.com")
        assert await people.accounts.find(swapped) is None

    @pytest.mark.parametrize(
        "names",
        [
            {"email_key": "person1@example.com"},
            {"email_key": None, "username": "ANN", "username_key": "ann"},
            {"email_key": None, "phone": "+4930123456"},
        ],
    )
    async def test_a_name_belongs_to_one(self, people: PeopleSubject, names: dict[str, str | None]) -> None:
        await people.add(FULL)
        async with people.open_work() as work:
            assert not await work.accounts.add(person(2, **names))
            assert await work.accounts.add(person(3))
        assert await people.accounts.account(person(2).id) is None
        with pytest.raises(Contended):
            async with people.open_work() as work:
                await work.accounts.save(person(3, **names))
        assert await people.accounts.account(person(3).id) == person(3)

    async def test_a_name_that_is_given_up_is_free(self, people: PeopleSubject) -> None:
        await people.add(FULL)
        moved = replace(FULL, email="New@example.com", email_key="new@example.com", username=None, username_key=None)
        async with people.open_work() as work:
            await work.accounts.save(moved)
        assert await people.accounts.account(FULL.id) == moved
        assert await people.accounts.find(Handle(HandleKind.EMAIL, "new@example.com")) == moved
        await people.add(person(4, email_key="person1@example.com", username="ann", username_key="ann"))

    async def test_of_many_at_once_one_gets_the_name(self, people: PeopleSubject) -> None:
        async def register(n: int) -> bool:
            async def attempt() -> bool:
                async with people.open_work() as work:
                    return await work.accounts.add(person(n, email_key="same@example.com"))

            return await again_if_contended(attempt)

        assert sum(await asyncio.gather(*(register(n) for n in range(1, 9)))) == 1

    async def test_nothing_is_kept_of_what_failed(self, people: PeopleSubject) -> None:
        async def fail() -> None:
            async with people.open_work() as work:
                assert await work.accounts.add(FULL)
                raise KeyError

        with pytest.raises(KeyError):
            await fail()
        assert await people.accounts.account(FULL.id) is None
