"""Addresses of a person."""

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.memory.ids import SeededIds
from contracts.ports.people import PeopleSubject, person
from core.identity.api import AddressFields, AddressView
from core.identity.domain.address import COUNTRIES, MOST
from core.identity.domain.errors import AddressNotFound, CountryUnknown, TooManyAddresses
from core.identity.usecases.keep_addresses import AddAddress, ChangeAddress, ChooseDefaultAddress, RemoveAddress
from core.identity.usecases.queries.addresses import GetAddress, ListAddresses
from core.kernel.actor import ANONYMOUS, Actor, ActorKind, PersonNeeded
from core.kernel.errors import Unauthenticated
from core.kernel.etags import Stale
from tests.support.people import memory_people

ANN, BEN = (Actor(ActorKind.USER, f"user:{n}", account=person(n).id) for n in (1, 2))
SERVICE = Actor(ActorKind.SERVICE, "api-key")
NUMBERS = count(1)


def home(country: str = "DE", city: str = "Berlin") -> AddressFields:
    """An address."""
    return AddressFields(name="Ann", line1=f"{next(NUMBERS)} Long Street", city=city, country=country)


class Desk:
    """The use cases over one store."""

    def __init__(self, people: PeopleSubject) -> None:
        work = people.open_work
        self.add = AddAddress(work, SeededIds())
        self.change, self.choose, self.remove = ChangeAddress(work), ChooseDefaultAddress(work), RemoveAddress(work)
        self.list, self.get = ListAddresses(people.addresses), GetAddress(people.addresses)

    async def defaults(self, actor: Actor) -> list[bool]:
        """Which addresses are the default, in the order of the list."""
        return [each.is_default for each in await self.list(actor)]


async def opened() -> Desk:
    """An empty desk of two people."""
    people = memory_people()
    await people.add(person(1), person(2))
    return Desk(people)


@pytest.fixture
async def desk() -> Desk:
    return await opened()


async def test_the_first_is_the_default(desk: Desk) -> None:
    first = await desk.add(ANN, fields=home())
    second = await desk.add(ANN, fields=home())
    assert (first.is_default, second.is_default) == (True, False)
    assert await desk.list(ANN) == [first, second]
    assert await desk.list(BEN) == []


async def test_a_new_one_may_take_its_place(desk: Desk) -> None:
    await desk.add(ANN, fields=home())
    second = await desk.add(ANN, fields=home(), is_default=True)
    assert second.is_default
    assert await desk.defaults(ANN) == [True, False]
    assert (await desk.list(ANN))[0] == second


async def test_the_default_is_chosen(desk: Desk) -> None:
    _, second, third = [await desk.add(ANN, fields=home()) for _ in range(3)]
    assert (await desk.choose(ANN, second.id)).is_default
    assert (await desk.choose(ANN, second.id)).is_default
    assert [each.id for each in await desk.list(ANN)][:2] == [second.id, third.id]
    assert await desk.defaults(ANN) == [True, False, False]


async def test_after_the_default_the_youngest_is_it(desk: Desk) -> None:
    first, _, third = [await desk.add(ANN, fields=home()) for _ in range(3)]
    await desk.remove(ANN, first.id)
    assert (await desk.list(ANN))[0].id == third.id
    assert await desk.defaults(ANN) == [True, False]
    for each in await desk.list(ANN):
        await desk.remove(ANN, each.id)
    assert await desk.list(ANN) == []


async def test_a_change_keeps_the_default(desk: Desk) -> None:
    first = await desk.add(ANN, fields=home())
    moved = await desk.change(ANN, first.id, fields=home("FR", "Paris"))
    assert (moved.id, moved.city, moved.is_default) == (first.id, "Paris", True)
    assert await desk.get(ANN, first.id) == moved


async def test_who_has_seen_another_state_changes_nothing(desk: Desk) -> None:
    first = await desk.add(ANN, fields=home())
    with pytest.raises(Stale):
        await desk.change(ANN, first.id, fields=home(), if_match="another")
    assert await desk.get(ANN, first.id) == first


async def test_those_of_others_are_not_there(desk: Desk) -> None:
    foreign = await desk.add(BEN, fields=home())
    for attempt in (
        desk.get(ANN, foreign.id),
        desk.change(ANN, foreign.id, fields=home()),
        desk.choose(ANN, foreign.id),
        desk.remove(ANN, foreign.id),
    ):
        with pytest.raises(AddressNotFound):
            await attempt
    assert await desk.list(BEN) == [foreign]


async def test_there_is_an_end(desk: Desk) -> None:
    for _ in range(MOST):
        await desk.add(ANN, fields=home())
    with pytest.raises(TooManyAddresses):
        await desk.add(ANN, fields=home())
    assert len(await desk.list(ANN)) == MOST


async def test_a_country_that_is_none_is_refused(desk: Desk) -> None:
    first = await desk.add(ANN, fields=home())
    for attempt in (desk.add(ANN, fields=home("XX")), desk.change(ANN, first.id, fields=home("ZZ"))):
        with pytest.raises(CountryUnknown):
            await attempt
    assert len(COUNTRIES) == 249


async def test_only_people_have_addresses(desk: Desk) -> None:
    with pytest.raises(PersonNeeded):
        await desk.add(SERVICE, fields=home())
    with pytest.raises(Unauthenticated):
        await desk.list(ANONYMOUS)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("arc"), st.integers(0, 9)), max_size=25))
async def test_there_is_exactly_one_default_while_there_is_any(steps: list[tuple[str, int]]) -> None:
    desk = await opened()
    for step, n in steps:
        there: list[AddressView] = await desk.list(ANN)
        if step == "a" and len(there) < MOST:
            await desk.add(ANN, fields=home(), is_default=n % 2 == 0)
        elif there:
            act = desk.remove if step == "r" else desk.choose
            await act(ANN, there[n % len(there)].id)
        assert sum(await desk.defaults(ANN)) == min(1, len(await desk.list(ANN)))
