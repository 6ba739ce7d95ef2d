"""Each judge of relays finds what is planted for it; a short run plays whole."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from tests.chaos import relay
from tests.chaos.published import Seen
from tests.chaos.relayed import CHECKERS, Relayed

A = [UUID(int=n) for n in (1, 2, 3)]
P = [UUID(int=n) for n in (11, 12, 13)]
TOLD = [Seen(A[0], "a", at=10.0), Seen(A[1], "a", at=11.0), Seen(A[1], "a", at=12.0), Seen(A[2], "a", at=13.0)]
GOOD = Relayed(
    committed={"a": A, "p": P},
    noted={"a": A, "p": [P[0], P[2]]},
    told=[*TOLD, *(Seen(each, "p", at=20.0) for each in P)],
    kills=[(11.4, 12.5)],
    poison={"p": P[1]},
    dropped=frozenset({P[1]}),
    stuck={"p": P[1:]},
    noted_then={"p": P[:1]},
)

PLANTED: list[tuple[str, Relayed]] = [
    ("the_effect_is_there_once_and_in_order", replace(GOOD, noted={**GOOD.noted, "a": A[:2]})),
    ("the_effect_is_there_once_and_in_order", replace(GOOD, noted={**GOOD.noted, "a": [*A, A[2]]})),
    ("the_effect_is_there_once_and_in_order", replace(GOOD, noted={**GOOD.noted, "a": A[::-1]})),
    ("the_effect_is_there_once_and_in_order", replace(GOOD, noted={**GOOD.noted, "p": P})),
    ("kafka_has_every_fact_in_order", replace(GOOD, told=GOOD.told[1:])),
    ("kafka_has_every_fact_in_order", replace(GOOD, told=[*GOOD.told[3:], *GOOD.told[:3]])),
    ("kafka_repeats_only_what_a_kill_hit", replace(GOOD, kills=[(8.9, 9.0), (12.5, 12.6)])),
    ("poison_holds_back_its_key_alone", replace(GOOD, stuck={**GOOD.stuck, "a": A[2:]})),
    ("poison_holds_back_its_key_alone", replace(GOOD, stuck={"p": P[1:2]})),
    ("poison_holds_back_its_key_alone", replace(GOOD, noted_then={"p": [P[0], P[2]]})),
    ("poison_holds_back_its_key_alone", replace(GOOD, noted_then={})),
]


def test_a_good_run_has_no_violations() -> None:
    assert relay.violations(GOOD) == []


@pytest.mark.parametrize("checker, bad", PLANTED)
def test_a_planted_violation_is_found(checker: str, bad: Relayed) -> None:
    assert any(line.startswith(f"{checker}: ") for line in relay.violations(bad))


def test_every_checker_is_put_to_the_test() -> None:
    assert {checker for checker, _ in PLANTED} == {checker.__name__ for checker in CHECKERS}


@pytest.mark.broker
@pytest.mark.slow
def test_a_few_kills_of_relays(tmp_path: Path) -> None:
    outcome = relay.run(relay.Wish(seed=2, events=400, kills=3, rate=100, relays=2), tmp_path / "journal", print)
    assert outcome.violations == []
    assert outcome.missing == []
