"""Changing stocks: one pass for those that plainly can, the exact fold for the rest."""

from collections.abc import Iterable, Mapping, Sequence

import asyncpg
import msgspec

from adapters.postgres.statement import told
from adapters.postgres.stock_book_sql import ADD_SUMS, HALVES_APPLIED, RELEASE, SET_FOLDED, WAITING
from core.inventory.domain.stock import Change, Folded, Shortage, Waiting, fold
from core.kernel.errors import Contended


class Sums(msgspec.Struct, gc=False):
    """What changes do to one stock: all of them together, and the lowest point on the way (0 at most)."""

    total: int = 0
    lowest: int = 0


def sum_up(deltas: Iterable[tuple[int, int]]) -> dict[int, Sums]:
    """Sum changes by stock.

    :param deltas: numbers of stocks and pieces, in order.
    """
    sums: dict[int, Sums] = {}
    for number, delta in deltas:
        each = sums.get(number)
        if each is None:
            each = sums[number] = Sums()
        each.total = total = each.total + delta
        if delta < 0 and total < each.lowest:
            each.lowest = total
    return sums


class Added(msgspec.Struct, gc=False):
    """What became of the stocks of a batch.

    ``before`` is the quantity before a change that was made, ``unsure`` the quantity where the exact fold must decide,
    each by number of the stock; ``places`` are the next ones of the ledger, ascending.
    """

    before: dict[int, int]
    unsure: dict[int, int]
    places: list[int]


async def add_sums(connection: asyncpg.Connection, sums: Mapping[int, Sums], places: int, turned: set[int]) -> Added:
    """Lock stocks in the order of their numbers, change those that plainly can, and take places of the ledger.

    :param sums: by number of the stock.
    :param places: how many.
    :param turned: is given the stocks that became low or are so no longer.
    :raises Contended: a number is of no stock any more.
    """
    ids = sorted(sums)
    ordered = [sums[number] for number in ids]
    found, quantities, doubtful, turns, taken = await connection.fetchrow(
        ADD_SUMS.text,
        told(ids),
        told([each.total for each in ordered]),
        told([each.lowest for each in ordered]),
        places,
    )
    if found is None or len(found) != len(ids):
        raise Contended(part="stock")
    before = dict(zip(found, quantities, strict=True))
    unsure = {number: before.pop(number) for number in doubtful or ()}
    turned.update(turns or ())
    for number in before:
        before[number] -= sums[number].total
    return Added(before, unsure, taken)


async def fold_stocks(
    connection: asyncpg.Connection,
    quantities: Mapping[int, int],
    changes: Mapping[int, Sequence[Change]],
    shortage: Shortage,
    turned: set[int],
) -> dict[int, Folded]:
    """Apply changes one by one to stocks that ``add_sums`` has locked, and let go those that wait for what came in.

    :param changes: per number of a stock its changes in order; a change's ``seq`` is below 0 and its own.
    :param turned: is given the stocks that became low or are so no longer.
    :returns: per number what came of its changes.
    """
    waiting = await _waiting(connection, quantities, changes)
    folds = {
        number: fold(quantity, waiting.get(number, ()), changes[number], shortage)
        for number, quantity in quantities.items()
    }
    kept = [[item for item, _, _ in folded.released if item.seq >= 0] for folded in folds.values()]
    done = await connection.fetch(
        SET_FOLDED.text,
        list(folds),
        [folded.quantity for folded in folds.values()],
        [len(folded.parked) - len(gone) for folded, gone in zip(folds.values(), kept, strict=True)],
    )
    turned.update(number for number, turns in done if turns)
    released = [item for gone in kept for item in gone]
    if released:
        await connection.execute(RELEASE.text, [item.seq for item in released])
        await connection.execute(HALVES_APPLIED.text, [item.movement_id for item in released])
    return folds


async def _waiting(
    connection: asyncpg.Connection, quantities: Mapping[int, int], changes: Mapping[int, Sequence[Change]]
) -> dict[int, list[Waiting]]:
    most = {
        number: quantity + sum(change.delta for change in changes[number] if change.delta > 0)
        for number, quantity in quantities.items()
        if any(change.delta > 0 for change in changes[number])
    }
    waiting: dict[int, list[Waiting]] = {}
    if most:
        for seq, number, amount, occurred_at, movement_id in await connection.fetch(
            WAITING.text, list(most), list(most.values())
        ):
            waiting.setdefault(number, []).append(Waiting(occurred_at, movement_id, amount, seq))
    return waiting
