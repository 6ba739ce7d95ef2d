"""What is written from the code is what the code says, and a change that is not written is found and mended."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from entrypoints.cli.generated.catalogue import PAGES, settle

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("src", "contracts", "docs", "tests/contract", "tests/integration", ".env.example", "pyproject.toml")
MEND = "./soty reference --write"


class Change(NamedTuple):
    """A text to put in place of another, and the files that are then stale."""

    path: str
    old: str
    new: str
    stale: tuple[str, ...]


CHANGES = {
    "setting": Change(
        "src/adapters/redis/settings.py",
        'description="',
        'description="Planted. ',
        ("docs/reference/settings.md", ".env.example"),
    ),
    "error": Change(
        "src/core/inventory/domain/errors.py",
        'code = "inventory.alert_not_found"\n    kind = Kind.NOT_FOUND',
        'code = "inventory.alert_not_found"\n    kind = Kind.CONFLICT',
        ("docs/reference/errors.md", "docs/modules/inventory.md", "contracts/http/openapi.json"),
    ),
    "event": Change(
        "src/core/inventory/events.py",
        'name: ClassVar[str] = "inventory.stock_fell_low"',
        'planted: int = 0\n    name: ClassVar[str] = "inventory.stock_fell_low"',
        (
            "docs/reference/events.md",
            "contracts/events/inventory.stock_fell_low.v1.schema.json",
            "contracts/kafka/asyncapi.json",
        ),
    ),
    "route": Change(
        "src/entrypoints/http/platform.py",
        'path="/health/live"',
        'path="/health/planted"',
        ("docs/reference/http.md", "contracts/http/openapi.json"),
    ),
}


def test_every_file_is_what_the_code_says() -> None:
    settle(PAGES, write=False)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what the files are made from, with what Python has compiled of it."""
    for name in COPIED:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, path)
        else:
            shutil.copy(ROOT / name, path)
    return tmp_path


def soty(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the program of a tree."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tree / "src")}
    program = [sys.executable, "-m", "entrypoints.cli.main", *words]
    return subprocess.run(program, cwd=tree, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_change_without_its_pages_fails_the_check_until_the_named_command_has_run(tree: Path, change: Change) -> None:
    path = tree / change.path
    text = path.read_text(encoding="utf-8")
    assert change.old in text
    path.write_text(text.replace(change.old, change.new, 1), encoding="utf-8")
    checked = soty(tree, "check", "drift")
    assert checked.returncode == 1
    assert {line.split()[1] for line in checked.stderr.splitlines() if line.startswith("error: ")} >= set(change.stale)
    assert {line.split("fix:")[1].strip() for line in checked.stderr.splitlines() if "fix:" in line} == {MEND}
    assert MEND in checked.stdout
    written = soty(tree, *MEND.split()[1:])
    assert (written.returncode, written.stderr) == (0, "")
    assert soty(tree, "reference").returncode == 0


@pytest.mark.parametrize("name", ["contracts/events/inventory.gone.v1.schema.json", "docs/modules/gone.md"])
def test_a_page_of_something_that_is_no_more_is_found_and_removed(tree: Path, name: str) -> None:
    gone = tree / name
    gone.touch()
    checked = soty(tree, "reference")
    assert checked.returncode == 1
    assert checked.stderr.splitlines() == [f"error: {name} is of something that is no more", f"  fix:   {MEND}"]
    assert soty(tree, "reference", "--write").returncode == 0
    assert not gone.exists()


def test_a_fact_whose_sample_is_of_another_shape_is_named(tree: Path) -> None:
    path = tree / "src/core/inventory/events.py"
    text, name = path.read_text(encoding="utf-8"), 'name: ClassVar[str] = "inventory.stock_fell_low"'
    path.write_text(text.replace(name, f"planted: int\n    {name}"), encoding="utf-8")
    checked = soty(tree, "reference")
    assert checked.returncode == 1
    assert checked.stderr.startswith("error: inventory.stock_fell_low.v1 has no sample that fits: ")
    assert f"then {MEND}" in checked.stderr
