"""The walk of the README does what the README says."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from tests.support.program import Program

ROOT = Path(__file__).resolve().parents[2]
WALK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
STEP = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n?)*)", re.MULTILINE)
CHANGES_EACH_TIME = {"id", "created_at"}
PATIENCE = 20.0


def steps() -> list[tuple[str, str]]:
    """Commands of the README and what it says they print."""
    blocks = WALK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    return [(command, told.strip()) for block in blocks for command, told in STEP.findall(block)]


def told_by(command: str, program: Program, url: str) -> str:
    """What a command prints when it is run against a running program."""
    if command.startswith("./soty "):
        return program.run(*(str(ROOT / word) if "/" in word else word for word in command.split()[1:])).stdout.strip()
    here = command.replace("localhost:8000", url.removeprefix("http://"))
    return subprocess.run(["/bin/sh", "-c", here], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def same(printed: str, told: str) -> bool:
    """Whether two outputs say the same, but for ids, times and places that change each time."""
    if not told.startswith("{"):
        return re.sub(r"\d+", "0", printed) == re.sub(r"\d+", "0", told)
    one, other = (msgspec.json.decode(text, type=dict[str, object]) for text in (printed, told))
    stable = other.keys() - (CHANGES_EACH_TIME if "created_at" in other else set())
    return one.keys() == other.keys() and all(one[key] == other[key] for key in stable)


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl: apt install curl")
def test_walk(program: Program) -> None:
    assert len(steps()) == 6
    with program.up("--ephemeral") as (_, run):
        for command, told in steps():
            deadline = time.monotonic() + PATIENCE
            while not same(printed := told_by(command, program, run.urls["http"]), told):
                assert " -d " not in command, printed
                assert time.monotonic() < deadline, f"{command}\n{printed}\n{told}"
                time.sleep(0.05)


def test_help_lists_what_the_readme_names() -> None:
    named = set(re.findall(r"\./soty (\w+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    done = subprocess.run(
        [sys.executable, "-m", "entrypoints.cli.main", "--help"], cwd=ROOT / "src", capture_output=True, check=True
    )
    assert all(f"  {name} ".encode() in done.stdout for name in named), named
