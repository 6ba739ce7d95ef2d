"""Each judge of an outage finds what is planted for it; a short outage plays whole."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from tests.chaos.inventory import run
from tests.chaos.journal import Line, Told
from tests.chaos.outages import (
    SPARE,
    Outage,
    Way,
    all_is_back_at_once,
    answers_are_quick_and_kind,
    consumers_pause,
    during_outages,
)

GOOD = Outage(Way.DOWN, 10.0, 70.0, {"consumer0": 2.0}, set(), set(), {"http": 0.4, "consumer0": 2.1})
REFUSED = Line("adjust", "a", Told.UNKNOWN, seconds=5.0, status=503, retry_after="1", at=20.0)
LINES = [REFUSED, Line("read", "b", Told.OK, seconds=0.1, status=200, at=21.0)]
TIMED = (answers_are_quick_and_kind.__name__, consumers_pause.__name__, all_is_back_at_once.__name__)


@pytest.mark.parametrize("judge", [answers_are_quick_and_kind, consumers_pause, all_is_back_at_once])
def test_a_good_outage_has_no_violations(judge: Callable[[list[Outage], list[Line]], list[str]]) -> None:
    assert list(judge([GOOD], LINES)) == []


@pytest.mark.parametrize(
    "bad",
    [
        msgspec.structs.replace(REFUSED, seconds=6.1),
        msgspec.structs.replace(REFUSED, retry_after=""),
        msgspec.structs.replace(REFUSED, status=500),
        msgspec.structs.replace(REFUSED, status=0, answer="ReadTimeout"),
    ],
)
def test_an_answer_that_is_late_or_unkind_is_found(bad: Line) -> None:
    assert len(list(answers_are_quick_and_kind([GOOD], [*LINES, bad]))) == 1


@pytest.mark.parametrize(
    "bad",
    [
        replace(GOOD, noticed={"consumer0": 30.0}),
        replace(GOOD, noticed={}),
        replace(GOOD, ready_again={"consumer0"}),
        replace(GOOD, dead={"consumer0"}),
    ],
)
def test_a_consumer_that_does_not_pause_is_found(bad: Outage) -> None:
    assert len(list(consumers_pause([bad], LINES))) == 1


def test_whoever_comes_back_late_is_found() -> None:
    assert len(list(all_is_back_at_once([replace(GOOD, back={"http": 3.1, "consumer0": 30.0})], LINES))) == 2


@pytest.mark.broker
@pytest.mark.slow
def test_a_short_outage_is_survived(tmp_path: Path) -> None:
    """Times are judged by the command alone: here other tests take turns on the processor."""
    wish, trouble = during_outages(3, 8, [Way.BLACKHOLE], 100)
    outcome = run(wish, tmp_path / "journal", print, trouble)
    assert [each for each in outcome.violations if not each.startswith(TIMED)] == []
    assert set(outcome.missing) <= {SPARE}
