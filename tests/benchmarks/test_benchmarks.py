"""The benchmarks run: what all variants store and answer is equal, and budgets that need no clock hold."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree.ElementTree import fromstring

import msgspec
import pytest
from sqlalchemy import literal, select

from benchmarks.counting import compilations, garbage_of
from benchmarks.driver import is_whole
from benchmarks.goals import at_least, at_most
from benchmarks.inventory.workload import OPENING, TRAVELS, Workload
from benchmarks.report import Report, merged, write
from benchmarks.statistics import ratio
from core.inventory.domain.envelope import read_envelope
from core.inventory.domain.movement import Half

ROOT = Path(__file__).resolve().parents[2]
INVENTORY = {
    "consumer": 3,
    "apply": 2,
    "read by id": 6,
    "plain JSON": 6,
    "webhook": 3,
    "stampede": 2,
    "relay": 2,
    "wake": 1,
    "hot stocks": 2,
    "memory": 1,
    "soak": 1,
    "growth": 2,
    "growth, reads": 2,
}
IDENTITY = {"me by bearer": 4, "me by cookie": 4, "refresh": 4, "sign-in": 3, "sign-in without Argon2": 3}


@pytest.mark.slow
@pytest.mark.parametrize("area, cases", [("inventory", INVENTORY), ("identity", IDENTITY)])
def test_every_case_passes_its_gates(tmp_path: Path, area: str, cases: dict[str, int]) -> None:
    file = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks", area, "--level", "tiny", "--json", str(file)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert told.returncode == 0, told.stdout + told.stderr
    report = msgspec.json.decode(file.read_bytes(), type=Report)
    assert report.passed
    assert {name: len(run) for case in report.cases for name, run in case.runs.items()} == cases
    write(merged([report]), None, tmp_path / "page.md")
    text = (tmp_path / "page.md").read_text()
    assert f"benchmarks/{area}/peers" in text
    assert all(goal.name in text for goal in report.goals)
    linked = set(re.findall(r"\(page/([\w-]+\.svg)\)", text))
    assert linked == {each.name for each in (tmp_path / "page").iterdir()} != set()
    for name in linked:
        assert fromstring((tmp_path / "page" / name).read_text()).tag.endswith("svg")


def test_messages_say_what_the_oracle_counts() -> None:
    workload = Workload()
    moved = workload.take(TRAVELS + 1000)
    for each in moved:
        assert read_envelope(workload.message(each), strict=True) == workload.event(each)
    total = sum(each.quantity if each.half is Half.ARRIVAL else -each.quantity for each in moved)
    assert sum(workload.quantities.values()) == OPENING * len(workload.quantities) + total
    assert Half.ARRIVAL in {each.half for each in moved}


def test_a_goal_is_judged_by_its_lower_bound() -> None:
    ours, theirs = [10.0, 11.0, 12.0, 30.0, 10.0], [10.0] * 5
    found = ratio(ours, theirs)
    assert found.median == 1.1
    assert found.low == 1.0
    assert at_least("faster", ours, theirs, 1.0).passed
    assert not at_least("faster", ours, theirs, 1.05).passed
    assert at_most("statements", 1, 1).passed
    assert not at_most("statements", 2, 1).passed


@pytest.mark.parametrize(
    "answer, whole",
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{", False),
        (b"HTTP/1.1 200 OK\r\nContent-Le", False),
    ],
)
def test_the_driver_knows_when_an_answer_is_whole(answer: bytes, whole: bool) -> None:
    assert is_whole(answer) is whole


async def test_cycles_and_compilations_are_seen() -> None:
    async def cycle() -> None:
        knot: list[object] = []
        knot.append(knot)

    async def clean() -> None:
        select(literal(1))

    assert await garbage_of(cycle) == 1
    assert await garbage_of(clean) == 0
    with compilations() as compiled:
        select(literal(1)).compile()
    assert len(compiled) == 1
