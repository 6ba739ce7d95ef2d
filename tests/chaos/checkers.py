"""Judges of a run: each gives the violations that it finds, in words."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.inventory.api import Reason
from core.inventory.domain.movement import Half, MovementEvent
from tests.chaos.evidence import Evidence
from tests.chaos.journal import Line, Told
from tests.chaos.load import ADJUSTED, Place
from tests.chaos.plan import Key, Pair, Plan

SHOWN = 5


@dataclass(frozen=True)
class History:
    """A run: what was planned, what clients saw, which places of Kafka hold poison, and what was found."""

    plan: Plan
    posts: Mapping[str, Sequence[Line]]
    adjustments: Mapping[str, Sequence[Line]]
    poison: Mapping[Place, Reason]
    found: Evidence


def books_equal_the_oracle(history: History) -> Iterable[str]:
    """Every stock is its opening, what moved, and what was adjusted; nothing else has a stock."""
    expected = oracle(history)
    for pair in expected.keys() | history.found.stocks.keys():
        wanted, is_now = expected.get(pair, 0), history.found.stocks.get(pair, 0)
        if wanted != is_now:
            yield f"stock {pair[0]}:{pair[1]} is {is_now}, the oracle says {wanted}"


def never_negative(history: History) -> Iterable[str]:
    """No reader saw a stock below zero, and none is."""
    yield from history.found.negative
    for pair, quantity in history.found.stocks.items():
        if quantity < 0:
            yield f"stock {pair[0]}:{pair[1]} is {quantity}"


def ledger_adds_up(history: History) -> Iterable[str]:
    """The ledger sums up to the stocks, and every balance follows from the one before."""
    for pair, quantity in history.found.stocks.items():
        if history.found.sums.get(pair, 0) != quantity:
            yield f"stock {pair[0]}:{pair[1]} is {quantity}, its ledger sums up to {history.found.sums.get(pair, 0)}"
    if history.found.broken:
        yield f"{history.found.broken} balances do not follow from the one before"


def transit_adds_up(history: History) -> Iterable[str]:
    """What is in transit is what left and has not arrived."""
    arrived = {movement for (movement, half) in history.found.applied if half is Half.ARRIVAL}
    expected = sum(
        event.quantity
        for event in history.plan.events
        if event.half is Half.DEPARTURE and event.movement_id not in arrived
    )
    if history.found.in_transit != expected:
        yield f"{history.found.in_transit} pieces in transit, the oracle says {expected}"


def nothing_lost_or_doubled(history: History) -> Iterable[str]:
    """Every event was applied once; none waits, none is there that nobody sent."""
    found = history.found.applied
    required = {_key(event) for event in [*history.plan.anchors, *history.plan.events]}
    allowed = required | {_key(event) for event in history.plan.posts}
    for key in required - found.keys():
        yield f"{key[1]} of movement {key[0]} is lost"
    for key, times in found.items():
        if times != 1:
            yield f"{key[1]} of movement {key[0]} was applied {times} times"
        if key not in allowed:
            yield f"{key[1]} of movement {key[0]} was sent by nobody"
    if history.found.waiting:
        yield f"{history.found.waiting} departures still wait for stock that is there"


def poison_is_quarantined_once(history: History) -> Iterable[str]:
    """Quarantine holds each poisoned message once, with its place and reason, and nothing else."""
    times = Counter(place for place, _ in history.found.quarantined)
    reasons = dict(history.found.quarantined)
    for place, reason in history.poison.items():
        if times[place] != 1:
            yield f"poison at {place} is {times[place]} times in quarantine"
        elif reasons[place] != reason:
            yield f"poison at {place} is kept as {reasons[place]}, it is {reason}"
    for stranger in times.keys() - history.poison.keys():
        yield f"quarantine holds {stranger} for {reasons[stranger]}, which was no poison"


def accepted_requests_took_effect_once(history: History) -> Iterable[str]:
    """What was answered with success took effect once, what was refused not at all, the rest once at most."""
    halves = {str(event.movement_id): history.found.applied[_key(event)] for event in history.plan.posts}
    yield from _effects("webhook", history.posts, halves)
    yield from _effects("adjustment", history.adjustments, history.found.adjusted)


def a_key_replays_its_answer(history: History) -> Iterable[str]:
    """Whoever sends a request again under its key is told the same again."""
    for key, lines in history.adjustments.items():
        answers = {line.answer for line in lines if line.told is Told.OK}
        if len(answers) > 1:
            yield f"adjustment {key} was answered in {len(answers)} ways"


def every_fact_is_published(history: History) -> Iterable[str]:
    """Each half that was applied is told of, and nothing that was not."""
    facts = history.found.facts
    if facts is None:
        return
    told = {fact.applied for fact in facts if fact.applied is not None}
    for movement, half in history.found.applied.keys() - told:
        yield f"{half} of movement {movement} was applied, and no fact says so"
    for movement, half in told - history.found.applied.keys():
        yield f"a fact says that the {half} of movement {movement} was applied, which it was not"


def facts_keep_the_order_of_their_key(history: History) -> Iterable[str]:
    """Without repetitions, facts of one key come as they were committed; later ones may be on their way."""
    by_key: dict[str, dict[UUID, str]] = {}
    for fact in history.found.facts or ():
        by_key.setdefault(fact.key, {}).setdefault(fact.id, fact.name)
    for key, committed in history.found.outbox.items():
        names, wanted = by_key.get(key, {}), set(committed)
        told = [each for each in names if each in wanted]
        if history.found.facts is not None and told != committed:
            place = next((n for n, pair in enumerate(zip(told, committed, strict=False)) if pair[0] != pair[1]), -1)
            names_there = [names.get(each[place], "nothing") for each in (told, committed) if place >= 0]
            yield (
                f"{len(told)} facts of {key} are not in the order of the {len(committed)} committed ones: "
                f"at {place} {' instead of '.join(names_there)}"
            )


CHECKERS: tuple[Callable[[History], Iterable[str]], ...] = (
    books_equal_the_oracle,
    never_negative,
    ledger_adds_up,
    transit_adds_up,
    nothing_lost_or_doubled,
    poison_is_quarantined_once,
    accepted_requests_took_effect_once,
    a_key_replays_its_answer,
    every_fact_is_published,
    facts_keep_the_order_of_their_key,
)


def violations(history: History) -> list[str]:
    """What all checkers find, a few lines of each."""
    found: list[str] = []
    for checker in CHECKERS:
        lines = list(checker(history))
        found += [f"{checker.__name__}: {line}" for line in lines[:SHOWN]]
        found += [f"{checker.__name__}: and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return found


def oracle(history: History) -> Counter[Pair]:
    """The stocks that must come of it: openings, all that was sent, and of the rest what is there.

    Whether a request with an unknown outcome may be there is judged elsewhere.
    """
    plan, found = history.plan, history.found
    stocks: Counter[Pair] = Counter(plan.openings)
    posts = [event for event in plan.posts if found.applied[_key(event)]]
    for event in [*plan.anchors, *plan.events, *posts]:
        stocks[event.warehouse_id, event.product_id] += event.delta
    for key, lines in history.adjustments.items():
        stocks[_pair_of(lines[0])] += ADJUSTED * min(1, found.adjusted[key])
    return stocks


def _effects(what: str, asked: Mapping[str, Sequence[Line]], found: Mapping[str, int]) -> Iterable[str]:
    for key, lines in asked.items():
        told, times = {line.told for line in lines}, found.get(key, 0)
        if Told.OK in told and times != 1:
            yield f"{what} {key} was accepted and took effect {times} times"
        elif Told.UNKNOWN not in told and Told.OK not in told and times:
            yield f"{what} {key} was refused and took effect {times} times"
        elif times > 1:
            yield f"{what} {key} took effect {times} times"


def _key(event: MovementEvent) -> Key:
    return event.movement_id, event.half


def _pair_of(line: Line) -> Pair:
    warehouse, product = line.about.split(":")
    return UUID(warehouse), UUID(product)
