"""Reading through pages."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from contracts.ports.subject import Subject
from core.inventory.ports import MovementFilter
from core.kernel.paging import Page
from tests.support.events import World
from tests.support.streams import MOVEMENTS, PRODUCTS, WAREHOUSES

T = TypeVar("T")


async def pages(read: Callable[[str | None], Awaitable[Page[T]]]) -> list[T]:
    """All items of a list, page after page."""
    page = await read(None)
    items = list(page.items)
    while page.next_cursor is not None:
        page = await read(page.next_cursor)
        items += page.items
    return items


async def everything(subject: Subject, world: World) -> dict[str, Any]:
    """All that readers tell of a world of a stream; a stock of 0 may or may not have a row, so it is left out."""
    found: dict[str, Any] = {}
    for n in range(1, MOVEMENTS + 1):
        found[f"movement {n}"] = await subject.movements.movement(world.movement(n))
    for n in range(1, WAREHOUSES + 1):
        found |= await _warehouse(subject, world, n)
    for n in range(1, PRODUCTS + 1):
        wanted = MovementFilter(product_id=world.product(n))
        found[f"of product {n}"] = await pages(lambda at, f=wanted: subject.movements.movements(f, 3, at))  # type: ignore[misc]
    return found


async def _warehouse(subject: Subject, world: World, n: int) -> dict[str, Any]:
    place = world.warehouse(n)
    stocks = await pages(lambda at: subject.stocks.products(place, 1, at))
    return {
        f"stocks of {n}": [stock for stock in stocks if stock.quantity],
        f"pairs of {n}": [await subject.quantity(place, world.product(p)) for p in range(1, PRODUCTS + 1)],
        f"movements of {n}": await pages(
            lambda at: subject.movements.movements(MovementFilter(warehouse_id=place), 2, at)
        ),
        f"in transit from {n}": await pages(lambda at: subject.movements.in_transit(place, None, 2, at)),
        f"sums from {n}": await pages(lambda at: subject.movements.in_transit_totals(place, None, 1, at)),
        f"adjustments of {n}": await pages(lambda at: subject.stocks.adjustments(place, None, 2, at)),
    }
