"""Saying from which networks one's account may be used."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from adapters.memory.cache import MemoryCache
from adapters.memory.clock import FakeClock
from adapters.memory.ids import SeededIds
from adapters.memory.keys import MemoryApiKeyReader
from adapters.memory.store import MemoryStore
from contracts.ports.people import PeopleSubject, person
from core.identity.domain.errors import IpRuleNotFound, NetworkUnknown, TooManyIpRules, WouldLockYouOut
from core.identity.domain.networks import MOST
from core.identity.usecases.keep_networks import AllowNetwork, ForgetNetwork
from core.identity.usecases.queries.networks import CheckNetwork, ListNetworks
from core.kernel.actor import FRESH, Actor, ActorKind, Origin, ProofNeeded
from tests.support.people import memory_people

NOW = FakeClock().now()
OFFICE = Origin("192.0.2.7", "tests", "r-1")
ANN, BEN = (Actor(ActorKind.USER, f"user:{n}", account=person(n).id, proven_at=NOW, origin=OFFICE) for n in (1, 2))


class Desk:
    """The use cases over one store."""

    def __init__(self, people: PeopleSubject) -> None:
        clock = FakeClock()
        around = clock, SeededIds(), MemoryCache(clock), MemoryApiKeyReader(MemoryStore())
        self.allow = AllowNetwork(people.open_work, *around)
        self.forget = ForgetNetwork(people.open_work, *around)
        self.list, self.check = ListNetworks(people.networks), CheckNetwork(people.networks)


@pytest.fixture
async def desk() -> Desk:
    people = memory_people()
    await people.add(person(1), person(2))
    return Desk(people)


async def test_without_rules_one_may_come_from_everywhere(desk: Desk) -> None:
    assert await desk.list(ANN) == []
    assert (await desk.check(ANN, "203.0.113.9")).allowed


async def test_rules_shut_out_all_else(desk: Desk) -> None:
    await desk.allow(ANN, network="192.0.2.0/24", note="office")
    await desk.allow(ANN, network="198.51.100.1")
    assert [(each.network, each.note) for each in await desk.list(ANN)] == [
        ("192.0.2.0/24", "office"),
        ("198.51.100.1/32", ""),
    ]
    asked = [(await desk.check(ANN, address)).allowed for address in ("198.51.100.1", "203.0.113.9", None)]
    assert asked == [True, False, True]
    assert (await desk.check(ANN)).address == OFFICE.address
    assert (await desk.check(BEN, "203.0.113.9")).allowed


async def test_the_same_network_is_allowed_once(desk: Desk) -> None:
    first = await desk.allow(ANN, network="192.0.2.0/24")
    assert await desk.allow(ANN, network="192.0.2.200/24") == first
    assert len(await desk.list(ANN)) == 1


async def test_nobody_locks_himself_out(desk: Desk) -> None:
    with pytest.raises(WouldLockYouOut) as raised:
        await desk.allow(ANN, network="198.51.100.0/24")
    assert raised.value.params == {"address": "192.0.2.7"}
    own = await desk.allow(ANN, network="192.0.2.7")
    await desk.allow(ANN, network="198.51.100.0/24")
    with pytest.raises(WouldLockYouOut):
        await desk.forget(ANN, own.id)
    assert len(await desk.list(ANN)) == 2


async def test_after_the_last_rule_one_may_come_from_everywhere(desk: Desk) -> None:
    own = await desk.allow(ANN, network="192.0.2.7")
    await desk.forget(ANN, own.id)
    assert (await desk.check(ANN, "203.0.113.9")).allowed
    with pytest.raises(IpRuleNotFound):
        await desk.forget(ANN, own.id)


async def test_those_of_others_are_not_there(desk: Desk) -> None:
    foreign = await desk.allow(BEN, network="192.0.2.7")
    with pytest.raises(IpRuleNotFound):
        await desk.forget(ANN, foreign.id)
    assert len(await desk.list(BEN)) == 1


async def test_it_needs_a_proof(desk: Desk) -> None:
    stale = replace(ANN, proven_at=NOW - FRESH - timedelta(seconds=1))
    with pytest.raises(ProofNeeded):
        await desk.allow(stale, network="192.0.2.7")


async def test_what_is_no_network_is_refused(desk: Desk) -> None:
    with pytest.raises(NetworkUnknown):
        await desk.allow(ANN, network="office")


async def test_there_is_an_end(desk: Desk) -> None:
    await desk.allow(ANN, network="192.0.2.7")
    for n in range(MOST - 1):
        await desk.allow(ANN, network=f"198.51.100.{n}")
    with pytest.raises(TooManyIpRules):
        await desk.allow(ANN, network="203.0.113.0/24")
