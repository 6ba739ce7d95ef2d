"""A batch of events on its way into the stock book, without the database."""

from collections.abc import Container, Sequence
from typing import Any
from uuid import UUID

import msgspec

from adapters.postgres.settled_runs import FIRST_ENVELOPE_CLASS
from core.inventory.domain.movement import (
    DUPLICATE,
    Half,
    MovementEvent,
    Outcome,
    Verdict,
    judge_pair,
    same_content,
)
from core.inventory.domain.stock import Change, Shortage

DEPARTURE, ARRIVAL, ADJUSTMENT, RELEASE, CANCELLATION = 1, 2, 3, 4, 5


class Entry(msgspec.Struct, gc=False):
    """One event and what becomes of it.

    ``balance`` is the stock right after it, None while it waits; ``first_seq`` the place of the movement's other half
    when that came before; ``met`` the open half that was taken out for it, with its warehouse and product; ``waits``
    turns False when a parked entry is let go by a later one of the same batch.
    """

    position: int
    event: MovementEvent
    stock_id: int
    kind: int
    delta: int
    verdict: Verdict | None = None
    seq: int = 0
    balance: int | None = None
    first_seq: int | None = None
    met: tuple[Any, ...] | None = None
    waits: bool = True

    @property
    def is_stored(self) -> bool:
        """Whether the event is kept."""
        verdict = self.verdict
        return verdict is not None and (verdict.outcome is Outcome.APPLIED or verdict.outcome is Outcome.PARKED)

    def change(self) -> Change:
        """What the event does to its stock; its place is told from places in the ledger by its sign."""
        event = self.event
        return Change(self.delta, event.occurred_at, event.movement_id, -1 - self.position)


def entries_of(events: Sequence[MovementEvent], stock_ids: Sequence[int]) -> list[Entry]:
    """Entries in the order of their events."""
    arrival = Half.ARRIVAL
    return [
        Entry(position, event, stock_id, ARRIVAL, event.quantity)
        if event.half is arrival
        else Entry(position, event, stock_id, DEPARTURE, -event.quantity)
        for position, (event, stock_id) in enumerate(zip(events, stock_ids, strict=True))
    ]


class Round(msgspec.Struct):
    """Events that can be judged together as if one after another.

    ``twins`` pairs later copies with the entry of the round that they repeat; ``rest`` is for the next round.
    """

    entries: list[Entry]
    twins: list[tuple[Entry, Entry]]
    rest: list[Entry]


def next_round(entries: list[Entry], shortage: Shortage) -> Round:
    """Take entries up to the first one whose judgement hangs on an entry of the round itself.

    An exact copy does not end the round where departures are parked: whatever becomes of the first decides the copy
    and the copy changes nothing. Where they are refused it does, since goods may come in between the two.
    """
    firsts: dict[int, Entry] = {}
    seconds: dict[int, Entry] = {}
    by_envelope: dict[tuple[int, int], Entry] = {}
    taken = Round([], [], [])
    for index, entry in enumerate(entries):
        event = entry.event
        movement = event.movement_id.int
        first = same = firsts.setdefault(movement, entry)
        if first.kind != entry.kind:
            same = seconds.setdefault(movement, entry)
        alike = entry
        if event.envelope_id is not None and event.source is not None:
            alike = by_envelope.setdefault((event.envelope_id.int, event.source), entry)
        if same is entry and alike is entry and (first is entry or _fits(entry, first)):
            taken.entries.append(entry)
        elif shortage is Shortage.PARK and entry is not same is alike and same_content(event, same.event):
            taken.twins.append((entry, same))
        else:
            taken.rest = entries[index:]
            break
    return taken


def _fits(entry: Entry, first: Entry) -> bool:
    return judge_pair(entry.event, first.event.warehouse_id, first.event.product_id) is None


def judge_twins(twins: Sequence[tuple[Entry, Entry]]) -> None:
    """Copies of what is kept are duplicates; copies of what was rejected are rejected for the same reason."""
    for twin, first in twins:
        assert first.verdict is not None
        twin.verdict = first.verdict if first.verdict.outcome is Outcome.REJECTED else DUPLICATE


def wanted_keys(entries: Sequence[Entry], met: Container[int] = ()) -> tuple[list[UUID], list[int]]:
    """Ids and classes of all keys to look up: both of each event, and of a departure also that of its arrival.

    An arrival need not look for its departure: a departure stays among the open halves until its arrival comes,
    while an arrival without a departure leaves them when its segment settles.

    :param met: movements that had an open half. An arrival whose departure was still open repeats no arrival.
    """
    ids, classes = [], []
    for entry in entries:
        event = entry.event
        if _may_repeat(entry, met):
            ids.append(event.movement_id)
            classes.append(entry.kind)
        if event.envelope_id is not None and event.source is not None:
            ids.append(event.envelope_id)
            classes.append(FIRST_ENVELOPE_CLASS + event.source)
        if entry.kind == DEPARTURE:
            ids.append(event.movement_id)
            classes.append(ARRIVAL)
    return ids, classes


def wanted_ids(entries: Sequence[Entry], met: Container[int]) -> list[UUID]:
    """The ids of those keys, each once for an entry."""
    ids = [entry.event.movement_id for entry in entries if _may_repeat(entry, met)]
    return ids + [entry.event.envelope_id for entry in entries if entry.event.envelope_id is not None]


def keys_of(event: MovementEvent) -> list[tuple[UUID, int]]:
    """The id and class of each key of an event."""
    keys = [(event.movement_id, ARRIVAL if event.half is Half.ARRIVAL else DEPARTURE)]
    if event.envelope_id is not None and event.source is not None:
        keys.append((event.envelope_id, FIRST_ENVELOPE_CLASS + event.source))
    return keys


def _may_repeat(entry: Entry, met: Container[int]) -> bool:
    return entry.kind == DEPARTURE or entry.event.movement_id.int not in met
