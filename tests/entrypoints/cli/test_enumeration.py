"""Nobody learns from outside which accounts there are: not by what is answered, and not by how long it takes."""

import logging
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.alike import Caller, Said, Timed, auc, said
from tests.support.program import Program

SAMPLES = int(os.environ.get("SOTY_TEST_SAMPLES", "2000"))
"""Answers of each kind at each door; the promise was made for two thousand."""
KNOWN = 200
MOST = 0.55
AUTH = "/api/v1/auth"
PASSWORD = "four kites over a quiet harbour"
DOORS = {
    "register": (f"{AUTH}/register", {"password": PASSWORD}, 202),
    "sign in": (f"{AUTH}/login", {"password": "five kites over a quiet harbour"}, 401),
    "forgot": (f"{AUTH}/forgot-password", {}, 202),
    "resend": (f"{AUTH}/verify-email/resend", {}, 202),
}


@pytest.fixture
def caller(data_dir: Path) -> Iterator[Caller]:
    """Somebody before a whole Soty of one process, which relays and sends letters beside.

    Passwords are hashed lightly, so that the noise of hashing hides nothing.
    """
    light = {"SOTY_PASSWORD_MEMORY": "1024", "SOTY_PASSWORD_PASSES": "1"}
    program = Program(data_dir, SOTY_APP_MODE="webhook_only", SOTY_HTTP_TRUSTED_PROXIES="127.0.0.1", **light)
    with program.up() as (_, run):
        caller = Caller(run.urls["http"])
        yield caller
        caller.close()


def name(number: int) -> str:
    """All names are equally long."""
    return f"p{number:07}@example.com"


def asked(caller: Caller, door: str, samples: int, first: int) -> tuple[list[Timed], list[Timed]]:
    """What known and unknown names are answered at a door, in an order that nobody can guess.

    :param first: number of the first name that nobody has.
    """
    path, body, _ = DOORS[door]
    kinds = [True, False] * samples
    random.Random(first).shuffle(kinds)
    found: tuple[list[Timed], list[Timed]] = ([], [])
    for number, is_known in enumerate(kinds):
        login = name(number % KNOWN if is_known else first + number)
        found[is_known].append(caller.post(path, {"login": login, **body}))
    return found


@pytest.mark.parametrize("samples", [10, pytest.param(SAMPLES, marks=pytest.mark.slow)])
def test_known_and_unknown_cannot_be_told_apart(caller: Caller, samples: int) -> None:
    for number in range(min(KNOWN, samples * 2)):
        assert caller.post(*_opening(name(number))).said.status == 202
    areas: dict[str, float] = {}
    for place, (door, (_, _, status)) in enumerate(DOORS.items(), 1):
        unknown, known = asked(caller, door, samples, place * 1_000_000)
        answers: set[Said] = {each.said for each in [*unknown, *known]}
        assert len(answers) == 1, (door, answers)
        assert answers.pop().status == status
        areas[door] = round(auc([each.seconds for each in known], [each.seconds for each in unknown]), 3)
        logging.getLogger(__name__).info("%s, %s samples of each kind: AUC %s", door, samples, areas[door])
    assert samples < SAMPLES or max(areas.values()) <= MOST, areas


def _opening(login: str) -> tuple[str, dict[str, str]]:
    return f"{AUTH}/register", {"login": login, "password": PASSWORD}


def test_what_differs_is_seen() -> None:
    times = [random.Random(1).gauss(5.0, 1.0) for _ in range(2000)]
    assert auc(times, times) == 0.5
    assert auc(times, [each + 1.0 for each in times]) > 0.7
    assert auc([each + 1.0 for each in times], times) > 0.7
    first = said(202, [("Date", "today"), ("X-Request-Id", "c551b6a1c9fd-f")], '{"status":"accepted"}')
    assert first == said(202, [("date", "now"), ("x-request-id", "c551b6a1c9fd-1a")], '{"status":"accepted"}')
    assert first != said(202, [("x-request-id", "c551b6a1c9fd-1a"), ("x-known", "1")], '{"status":"accepted"}')
    assert first != said(202, [("x-request-id", "c551b6a1c9fd-1a")], '{"status":"accepted" }')
