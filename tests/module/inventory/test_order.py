"""In whatever order and however often messages come, the house ends right."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.inventory.api import MovementFlag, MovementStatus
from core.inventory.domain.movement import Half, MovementEvent, Outcome
from core.inventory.ports import MovementFilter
from core.inventory.usecases.queries.movements import ListMovements
from core.inventory.usecases.queries.stock import ListProducts
from core.inventory.usecases.record_messages import Answer
from tests.support.events import World
from tests.support.house import KEEPER, House, open_house
from tests.support.reading import pages
from tests.support.streams import MOVEMENTS, WAREHOUSES, Said, events

BOUNDED = settings(max_examples=50, deadline=None)


@st.composite
def ways(draw: st.DrawFn) -> list[Said]:
    """Both halves of movements along ways of three warehouses, one content a half."""
    said = []
    for n in range(1, draw(st.integers(1, 4)) + 1):
        start, end = draw(st.permutations(range(1, WAREHOUSES + 1)))[:2]
        left, came = draw(st.integers(1, 9)), draw(st.integers(1, 9))
        said.append(Said(Half.DEPARTURE, n, left, {"warehouse": start, "minute": draw(st.integers(0, 2))}))
        said.append(Said(Half.ARRIVAL, n, came, {"warehouse": end, "minute": draw(st.integers(0, 4))}))
    return said


def supplies(said: Sequence[Said]) -> list[Said]:
    """Arrivals from outside that cover what leaves each warehouse."""
    left = Counter[int]()
    for each in said:
        if each.half is Half.DEPARTURE:
            left[each.rest["warehouse"]] += each.quantity
    return [Said(Half.ARRIVAL, 100 + place, pieces, {"warehouse": place}) for place, pieces in left.items()]


async def deliver(house: House, stream: Sequence[MovementEvent], cuts: int) -> list[Answer]:
    """Bring a stream through Kafka in batches."""
    answers: list[Answer] = []
    for start in range(0, len(stream), cuts):
        answers += await house.kafka(*stream[start : start + cuts])
    return answers


async def picture(house: House, world: World) -> dict[str, Any]:
    """Stocks and movements at the end."""
    products, movements = await house.get(ListProducts), await house.get(ListMovements)
    stocks = [(await products(KEEPER, world.warehouse(n), limit=200)).items for n in range(1, WAREHOUSES + 1)]
    views = await pages(lambda at: movements(KEEPER, MovementFilter(), limit=50, cursor=at))
    return {"stocks": stocks, "movements": {view.movement_id: view for view in views}}


@BOUNDED
@given(st.data(), ways(), st.integers(1, 7))
async def test_where_arrivals_cover_departures_order_does_not_count(
    data: st.DataObject, said: list[Said], cuts: int
) -> None:
    world = World()
    whole = [each.of(world) for each in [*said, *supplies(said)]]
    again = data.draw(st.lists(st.sampled_from(whole), max_size=6))
    shuffled = data.draw(st.permutations([*whole, *again]))
    async with open_house() as house, open_house() as other:
        outcomes = Counter(answer.verdict.outcome for answer in await deliver(house, shuffled, cuts))
        await deliver(other, whole, len(whole))
        assert await picture(house, world) == await picture(other, world)
        assert outcomes[Outcome.DUPLICATE] == len(again)
        assert await house.quarantined() == []
        views = (await picture(house, world))["movements"].values()
        assert {view.status for view in views} == {MovementStatus.COMPLETED}
        assert not any(MovementFlag.DEPARTURE_PARKED in view.flags for view in views)


@BOUNDED
@given(st.lists(events(), min_size=1, max_size=20), st.integers(1, 7))
async def test_in_every_other_case_nothing_is_lost_or_negative(said: list[Said], cuts: int) -> None:
    world = World()
    stream = [each.of(world) for each in said]
    async with open_house() as house:
        answers = await deliver(house, stream, cuts)
        assert all(stock.quantity >= 0 for part in (await picture(house, world))["stocks"] for stock in part)
        await _hold_accounts(house, world, answers)


async def _hold_accounts(house: House, world: World, answers: list[Answer]) -> None:
    """Every event is applied, parked, known or in quarantine, and the stock is the sum of what was applied."""
    by_outcome = Counter(answer.verdict.outcome for answer in answers)
    assert len(await house.quarantined()) == by_outcome[Outcome.REJECTED]
    shown = await picture(house, world)
    kept = by_outcome[Outcome.APPLIED] + by_outcome[Outcome.PARKED]
    halves = [(view.departure_time, view.arrival_time) for view in shown["movements"].values()]
    assert sum(time is not None for pair in halves for time in pair) == kept
    assert len(halves) <= MOVEMENTS
    came = sum(view.arrived_quantity or 0 for view in shown["movements"].values())
    left = sum(
        view.departed_quantity or 0
        for view in shown["movements"].values()
        if MovementFlag.DEPARTURE_PARKED not in view.flags
    )
    assert sum(stock.quantity for part in shown["stocks"] for stock in part) == came - left
