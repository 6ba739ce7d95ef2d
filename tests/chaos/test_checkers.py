"""Each checker finds the violation that is planted for it, and is silent about a good history."""

from collections import Counter
from collections.abc import Callable
from uuid import uuid5

import pytest

from core.inventory.api import Reason
from core.inventory.domain.movement import Half
from tests.chaos.checkers import CHECKERS, History, oracle, violations
from tests.chaos.evidence import Evidence
from tests.chaos.journal import Line, Told
from tests.chaos.load import ADJUSTED, Place
from tests.chaos.plan import SPACE, plan_of
from tests.chaos.published import Seen

PLAN = plan_of(1, 400)
PAIR = min(PLAN.openings)
ABOUT = f"{PAIR[0]}:{PAIR[1]}"
ACCEPTED, UNKNOWN, REFUSED = (str(event.movement_id) for event in PLAN.posts[:3])
KEYS = {str(event.movement_id): (event.movement_id, event.half) for event in PLAN.posts}


def history() -> History:
    """A run in which all went well: one post and one adjustment were accepted, others are unknown or were refused."""
    poison: dict[Place, Reason] = {(0, 7): Reason.NOT_JSON, (1, 7): Reason.TOMBSTONE}
    applied = Counter((event.movement_id, event.half) for event in [*PLAN.anchors, *PLAN.events, PLAN.posts[0]])
    arrived = {movement for movement, half in applied if half is Half.ARRIVAL}
    left = (event for event in PLAN.events if event.half is Half.DEPARTURE and event.movement_id not in arrived)
    found = Evidence(
        applied=applied,
        in_transit=sum(event.quantity for event in left),
        adjusted=Counter({"a": 1}),
        quarantined=list(poison.items()),
        facts=[Seen(uuid5(SPACE, str(key)), "k", key) for key in applied for _ in range(2)],
        outbox={"k": [uuid5(SPACE, str(key)) for key in applied]},
    )
    posts = {
        ACCEPTED: [Line("webhook", ACCEPTED, Told.UNKNOWN), Line("webhook", ACCEPTED, Told.OK)],
        UNKNOWN: [Line("webhook", UNKNOWN, Told.UNKNOWN)],
        REFUSED: [Line("webhook", REFUSED, Told.FAIL)],
    }
    adjustments = {
        "a": [Line("adjust", "a", Told.OK, "one", about=ABOUT), Line("adjust", "a", Told.OK, "one", about=ABOUT)],
        "b": [Line("adjust", "b", Told.UNKNOWN, about=ABOUT)],
    }
    good = History(PLAN, posts, adjustments, poison, found)
    found.stocks = dict(oracle(good))
    found.sums = dict(found.stocks)
    return good


def test_a_good_history_has_no_violations() -> None:
    assert violations(history()) == []


def test_facts_may_be_told_after_everything_came_to_rest() -> None:
    later = history()
    assert later.found.facts is not None
    later.found.facts += [Seen(SPACE, "k"), Seen(SPACE, "other")]
    assert violations(later) == []


def _set_stock(history: History) -> None:
    history.found.stocks[PAIR] += 1
    history.found.sums[PAIR] += 1


def _see_negative(history: History) -> None:
    history.found.negative.append("a stock was -1")


def _break_sum(history: History) -> None:
    history.found.sums[PAIR] -= 1


def _break_chain(history: History) -> None:
    history.found.broken = 1


def _leave_in_transit(history: History) -> None:
    history.found.in_transit += 1


def _lose(history: History) -> None:
    del history.found.applied[PLAN.events[0].movement_id, PLAN.events[0].half]


def _double(history: History) -> None:
    history.found.applied[PLAN.events[0].movement_id, PLAN.events[0].half] = 2


def _let_wait(history: History) -> None:
    history.found.waiting = 1


def _quarantine_twice(history: History) -> None:
    history.found.quarantined.append(((0, 7), Reason.NOT_JSON))


def _quarantine_good(history: History) -> None:
    history.found.quarantined.append(((5, 5), Reason.NOT_JSON))


def _forget_poison(history: History) -> None:
    history.found.quarantined.pop()


def _quarantine_for_another_reason(history: History) -> None:
    history.found.quarantined[0] = ((0, 7), Reason.WRONG_FIELDS)


def _lose_accepted(history: History) -> None:
    del history.found.applied[KEYS[ACCEPTED]]


def _apply_refused(history: History) -> None:
    history.found.applied[KEYS[REFUSED]] = 1


def _apply_unknown_twice(history: History) -> None:
    history.found.adjusted["b"] = 2


def _adjust_twice(history: History) -> None:
    history.found.adjusted["a"] = 2
    history.found.stocks[PAIR] += ADJUSTED


def _answer_otherwise(history: History) -> None:
    history.adjustments["a"].append(Line("adjust", "a", Told.OK, "two", about=ABOUT))  # type: ignore[attr-defined]


def _lose_a_fact(history: History) -> None:
    assert history.found.facts is not None
    del history.found.facts[:2]


def _tell_of_nothing(history: History) -> None:
    assert history.found.facts is not None
    history.found.facts.append(Seen(SPACE, "other", KEYS[REFUSED]))


def _swap_facts(history: History) -> None:
    assert history.found.facts is not None
    history.found.facts.insert(0, history.found.facts.pop())


def _lose_a_fact_of_another_kind(history: History) -> None:
    history.found.outbox["other"] = [SPACE]


PLANTED: list[tuple[str, Callable[[History], None]]] = [
    ("books_equal_the_oracle", _set_stock),
    ("never_negative", _see_negative),
    ("ledger_adds_up", _break_sum),
    ("ledger_adds_up", _break_chain),
    ("transit_adds_up", _leave_in_transit),
    ("nothing_lost_or_doubled", _lose),
    ("nothing_lost_or_doubled", _double),
    ("nothing_lost_or_doubled", _let_wait),
    ("poison_is_quarantined_once", _quarantine_twice),
    ("poison_is_quarantined_once", _quarantine_good),
    ("poison_is_quarantined_once", _forget_poison),
    ("poison_is_quarantined_once", _quarantine_for_another_reason),
    ("accepted_requests_took_effect_once", _lose_accepted),
    ("accepted_requests_took_effect_once", _apply_refused),
    ("accepted_requests_took_effect_once", _apply_unknown_twice),
    ("accepted_requests_took_effect_once", _adjust_twice),
    ("a_key_replays_its_answer", _answer_otherwise),
    ("every_fact_is_published", _lose_a_fact),
    ("every_fact_is_published", _tell_of_nothing),
    ("facts_keep_the_order_of_their_key", _swap_facts),
    ("facts_keep_the_order_of_their_key", _lose_a_fact_of_another_kind),
]


@pytest.mark.parametrize("checker, plant", PLANTED)
def test_a_planted_violation_is_found(checker: str, plant: Callable[[History], None]) -> None:
    doctored = history()
    plant(doctored)
    assert any(line.startswith(f"{checker}: ") for line in violations(doctored))


def test_every_checker_is_put_to_the_test() -> None:
    assert {checker for checker, _ in PLANTED} == {checker.__name__ for checker in CHECKERS}


def test_a_plan_hangs_on_its_seed_alone_and_covers_its_departures() -> None:
    again = plan_of(1, 400)
    assert again.events == PLAN.events
    assert again.openings == PLAN.openings
    assert 380 <= len(PLAN.events) <= 420
    assert all(quantity >= 0 for quantity in oracle(History(PLAN, {}, {}, {}, Evidence())).values())
