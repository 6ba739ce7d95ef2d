"""What every adapter promises about addresses."""

import asyncio
from functools import partial
from uuid import UUID

import pytest
from msgspec.structs import replace

from contracts.ports.people import PeopleSubject, PeopleSuite, person
from core.identity.addresses import Addresses, AddressReader
from core.identity.api import AddressFields
from core.identity.domain.account import Account
from core.identity.domain.address import Address
from core.kernel.errors import Contended
from core.kernel.work import again_if_contended

ANN, BEN = person(1), person(2)


def address(n: int, of: Account = ANN, *, is_default: bool = False) -> Address:
    """Address ``n`` of an account."""
    fields = AddressFields(
        label=f"Home {n}",
        name="Ann Smith",
        line1=f"{n} Long Street",
        line2="at the back",
        city="Berlin",
        region="Berlin",
        postal_code="10115",
        country="DE",
        phone="+49 30 123456",
    )
    return Address(id=UUID(int=3 << 120 | n), account_id=of.id, fields=fields, is_default=is_default)


class AddressesSuite(PeopleSuite):
    """Addresses come back as they were put; there is one default at most, at every moment."""

    @pytest.fixture
    def addresses(self, people: PeopleSubject) -> AddressReader:
        """What reads them."""
        return people.addresses

    @pytest.fixture(autouse=True)
    async def _two_people(self, people: PeopleSubject) -> None:
        await people.add(ANN, BEN)

    async def test_nobody_has_any(self, people: PeopleSubject, addresses: AddressReader) -> None:
        assert await addresses.addresses(ANN.id) == []
        async with people.open_work() as work:
            assert await work.addresses.lock(ANN.id) == []

    async def test_they_come_back_as_they_were_put(self, people: PeopleSubject, addresses: AddressReader) -> None:
        first, second, third = address(1), address(2, is_default=True), address(3)
        await self._add(people, first, second, third, address(4, BEN, is_default=True))
        assert await addresses.addresses(ANN.id) == [second, third, first]
        async with people.open_work() as work:
            kept: Addresses = work.addresses
            assert await kept.lock(ANN.id) == [first, second, third]

    async def test_a_change_leaves_the_default_alone(self, people: PeopleSubject, addresses: AddressReader) -> None:
        await self._add(people, address(1, is_default=True))
        moved = replace(address(1), fields=replace(address(1).fields, city="Paris", country="FR", line2=""))
        async with people.open_work() as work:
            await work.addresses.lock(ANN.id)
            await work.addresses.save(moved)
        assert await addresses.addresses(ANN.id) == [replace(moved, is_default=True)]

    async def test_what_was_removed_is_gone(self, people: PeopleSubject, addresses: AddressReader) -> None:
        await self._add(people, address(1, is_default=True), address(2))
        async with people.open_work() as work:
            await work.addresses.lock(ANN.id)
            await work.addresses.remove(address(1).id)
        assert await addresses.addresses(ANN.id) == [address(2)]

    async def test_the_default_is_swapped(self, people: PeopleSubject, addresses: AddressReader) -> None:
        await self._add(people, address(1, is_default=True), address(2), address(4, BEN, is_default=True))
        await self._choose(people, 2)
        assert [each.is_default for each in await addresses.addresses(ANN.id)] == [True, False]
        assert (await addresses.addresses(ANN.id))[0].id == address(2).id
        assert await addresses.addresses(BEN.id) == [address(4, BEN, is_default=True)]

    async def test_a_second_default_is_refused(self, people: PeopleSubject, addresses: AddressReader) -> None:
        await self._add(people, address(1, is_default=True))
        with pytest.raises(Contended):
            await self._add(people, address(2, is_default=True))
        assert await addresses.addresses(ANN.id) == [address(1, is_default=True)]

    async def test_who_chooses_at_once_leaves_one_default(
        self, people: PeopleSubject, addresses: AddressReader
    ) -> None:
        await self._add(people, address(1, is_default=True), *(address(n) for n in range(2, 9)))
        seen: set[int] = set()

        async def look() -> None:
            for _ in range(20):
                seen.add(sum(each.is_default for each in await addresses.addresses(ANN.id)))

        await asyncio.gather(look(), *(again_if_contended(partial(self._choose, people, n)) for n in range(1, 9)))
        assert seen == {1}

    async def _add(self, people: PeopleSubject, *added: Address) -> None:
        async with people.open_work() as work:
            for each in added:
                await work.addresses.add(each)

    async def _choose(self, people: PeopleSubject, n: int) -> None:
        async with people.open_work() as work:
            await work.addresses.lock(ANN.id)
            await work.addresses.make_default(ANN.id, address(n).id)
