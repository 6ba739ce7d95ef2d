"""Each judge of reads finds what is planted for it; a short run over the cache plays whole."""

from pathlib import Path

import msgspec
import pytest

from tests.chaos import cache
from tests.chaos.journal import Line, Told
from tests.chaos.load import ADJUST, READ
from tests.chaos.witness import (
    CHECKERS,
    Watched,
    nobody_is_refused,
    reads_are_fresh_while_redis_answers,
    reads_lag_a_little_at_most,
)

# Writers were told 1 at 10 s and 2 at 20 s; Redis was away between.
WROTE = [Line(ADJUST, "k", Told.OK, "1", at=10.0, status=201), Line(ADJUST, "k", Told.OK, "2", at=20.0, status=201)]
FRESH = [
    Line(READ, "k", Told.OK, "1", seconds=1.0, at=10.9, status=200),
    Line(READ, "k", Told.OK, "0", seconds=1.0, at=10.9, status=200),
    Line(READ, "k", Told.OK, "2", seconds=0.1, at=19.0, status=200),
    Line(READ, "other", Told.OK, "0", seconds=0.1, at=30.0, status=200),
]
WATCHED = Watched(away=[(12.0, 18.0)])
OLD = Line(READ, "k", Told.OK, "1", seconds=0.1, at=21.0, status=200)


@pytest.mark.parametrize("judge", CHECKERS)
def test_good_reads_have_no_violations(judge: type) -> None:
    assert list(judge([*WROTE, *FRESH], WATCHED)) == []


def test_a_refusal_is_found() -> None:
    refused = Line(READ, "k", Told.FAIL, "away", at=11.0, status=503)
    assert len(list(nobody_is_refused([*WROTE, refused], WATCHED))) == 1


def test_an_old_read_is_found() -> None:
    assert len(list(reads_are_fresh_while_redis_answers([*WROTE, *FRESH, OLD], WATCHED))) == 1


@pytest.mark.parametrize(
    "watched", [Watched(away=[(19.0, 25.0)]), Watched(unsure={"k": [19.5]})], ids=["away", "did not take it"]
)
def test_an_old_read_is_forgiven_when_redis_did_not_answer_the_write(watched: Watched) -> None:
    assert list(reads_are_fresh_while_redis_answers([*WROTE, OLD], watched)) == []
    assert list(reads_lag_a_little_at_most([*WROTE, OLD], watched)) == []


def test_a_doubt_about_another_key_or_moment_forgives_nothing() -> None:
    watched = Watched(unsure={"other": [19.5], "k": [5.0, 22.0]})
    assert len(list(reads_are_fresh_while_redis_answers([*WROTE, OLD], watched))) == 1


def test_a_read_that_is_old_for_too_long_is_found() -> None:
    late = msgspec.structs.replace(OLD, at=25.2)
    assert len(list(reads_lag_a_little_at_most([*WROTE, late], Watched(away=[(19.0, 26.0)])))) == 1


@pytest.mark.slow
def test_a_short_run_over_the_cache(tmp_path: Path) -> None:
    outcome = cache.run(cache.Wish(seconds=2, rounds=5), tmp_path / "journal", print)
    assert outcome.violations == []
    assert set(outcome.missing) <= {cache.IN_TIME}
