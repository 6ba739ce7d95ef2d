"""One who follows the outbox sees every fact once, also one that was committed late."""

from itertools import count

import msgspec

from core.kernel.outbox import Delivery
from core.operations.api import FactsFollowed
from core.operations.usecases.follow_facts import AT_ONCE, AWAITED, MOST_MISSING
from tests.support.desk import OPERATOR, Desk


def numbers(read: FactsFollowed) -> list[int]:
    return [msgspec.json.decode(fact.payload)["delta"] for fact in read.facts]


async def begin(desk: Desk, number: int) -> Delivery:
    """Publish a fact that has its number in the outbox, but is not committed yet."""
    await desk.publish((number, number))
    kept = list(desk.store.committed.outbox.values())[-1]
    desk.store.committed.outbox.remove(kept.seq)
    return kept


def commit(desk: Desk, kept: Delivery) -> None:
    desk.store.committed.outbox.put(kept.seq, kept)


async def test_an_empty_outbox_is_followed_from_its_beginning(desk: Desk) -> None:
    read = await desk.follow(OPERATOR)
    assert (read.facts, read.more) == ([], False)
    await desk.publish((1, 1), (2, 2))
    read = await desk.follow(OPERATOR, read.place)
    assert numbers(read) == [1, 2]
    assert numbers(await desk.follow(OPERATOR, read.place)) == []


async def test_more_than_one_reading_is_told(desk: Desk) -> None:
    read = await desk.follow(OPERATOR)
    await desk.publish(*((1, number) for number in range(AT_ONCE + 1)))
    first = await desk.follow(OPERATOR, read.place)
    rest = await desk.follow(OPERATOR, first.place)
    assert (first.more, rest.more) == (True, False)
    assert numbers(first) + numbers(rest) == list(range(AT_ONCE + 1))


async def test_it_begins_with_the_newest_ones(desk: Desk) -> None:
    await desk.publish(*((1, number) for number in range(AT_ONCE + 7)))
    assert numbers(await desk.follow(OPERATOR)) == list(range(7, AT_ONCE + 7))


async def test_what_is_committed_late_is_told_once(desk: Desk) -> None:
    await desk.publish((1, 1))
    read = await desk.follow(OPERATOR)
    late = await begin(desk, 2)
    await desk.publish((3, 3))
    read = await desk.follow(OPERATOR, read.place)
    assert numbers(read) == [3]
    commit(desk, late)
    read = await desk.follow(OPERATOR, read.place)
    assert numbers(read) == [2]
    await desk.publish((4, 4))
    assert numbers(await desk.follow(OPERATOR, read.place)) == [4]


async def test_one_that_was_under_way_when_it_began_is_told(desk: Desk) -> None:
    await desk.publish((1, 1))
    late = await begin(desk, 2)
    await desk.publish((3, 3))
    read = await desk.follow(OPERATOR)
    commit(desk, late)
    assert numbers(await desk.follow(OPERATOR, read.place)) == [2]


async def test_a_number_that_nobody_uses_is_given_up(desk: Desk) -> None:
    await desk.publish((1, 1))
    await begin(desk, 2)
    await desk.publish((3, 3))
    read = await desk.follow(OPERATOR)
    assert len(read.place.missing) == 1
    desk.clock.advance(AWAITED.total_seconds())
    read = await desk.follow(OPERATOR, read.place)
    assert read.place.missing == {}


async def test_few_numbers_are_awaited_however_many_are_left_out(desk: Desk) -> None:
    read = await desk.follow(OPERATOR)
    desk.store.receipts = count(10_000)
    await desk.publish((1, 1))
    read = await desk.follow(OPERATOR, read.place)
    assert (numbers(read), len(read.place.missing)) == ([1], MOST_MISSING - 1)
