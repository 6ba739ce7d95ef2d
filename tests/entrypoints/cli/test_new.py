"""Scaffolds refuse what cannot be, and what they write passes every check."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from entrypoints.cli.main import soty
from entrypoints.shared.fault import Exit, FaultError
from entrypoints.shared.settings import ROOT
from tests.arch.rules.files import tracked


def new(*words: str) -> Result:
    return CliRunner().invoke(soty, ["new", *words])


def refusal(*words: str) -> FaultError:
    """Why a scaffold is refused."""
    error = new(*words).exception
    assert isinstance(error, FaultError)
    return error


@pytest.mark.parametrize(
    "name,why",
    [
        ("Water", "snake_case"),
        ("1water", "snake_case"),
        ("water__log", "snake_case"),
        ("../water", "snake_case"),
        ("w" * 25, "snake_case"),
        ("class", "taken"),
        ("kernel", "taken"),
        ("pg_water", "taken"),
        ("water_service", "says nothing"),
        ("inventory", "there is a module"),
    ],
)
def test_a_bad_name_is_wrong_usage(name: str, why: str) -> None:
    error = refusal("module", name, "--dry-run")
    assert error.code is Exit.USAGE
    assert why in error.faults[0].error


@pytest.mark.parametrize(
    "words,why",
    [
        (("usecase", "inventry", "greet"), "there is no module 'inventry'"),
        (("usecase", "inventory", "Greet"), "snake_case"),
        (("usecase", "inventory", "close_stocktake"), "there is CloseStocktake already"),
        (("usecase", "inventory", "greet", "--permission", "REED"), "there is no permission 'REED'"),
        (("event", "inventory", "stock_adjusted"), "there is inventory.stock_adjusted already"),
    ],
)
def test_parts_that_cannot_be_are_wrong_usage(words: tuple[str, ...], why: str) -> None:
    error = refusal(*words)
    assert error.code is Exit.USAGE
    assert why in error.faults[0].error


def test_the_nearest_name_is_proposed() -> None:
    assert refusal("event", "inventry", "x").faults[0].fix.startswith("did you mean inventory?")


def test_nothing_is_overwritten() -> None:
    taken = [fault.error for fault in refusal("module", "alerts").faults]
    assert "src/adapters/memory/alerts.py is there already" in taken
    assert not (ROOT / "src/core/alerts").exists()


def test_a_dry_run_lists_files_and_writes_none() -> None:
    before = {path: path.stat().st_mtime_ns for path in tracked(ROOT)}
    result = new("module", "meal_plan", "--dry-run")
    assert result.exit_code == 0
    assert "new      src/core/meal_plan/usecases/add_meal_plan_entry.py" in result.output
    assert "changed  src/entrypoints/shared/modules.py" in result.output
    assert result.output.endswith("nothing was written\n")
    assert {path: path.stat().st_mtime_ns for path in tracked(ROOT)} == before


class Tree:
    """A copy of the tree, and the program in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for path in tracked(ROOT):
            copy = root / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)

    def soty(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "entrypoints.cli.main", *words],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(self.root / "src"), str(self.root)])},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A copy of the tree that the tests of this file share."""
    return Tree(tmp_path_factory.mktemp("scaffold"))


@pytest.mark.slow
def test_what_is_new_passes_at_once(tree: Tree) -> None:
    made = tree.soty("new", "module", "water")
    assert made.returncode == 0, made.stdout
    assert "next:\n  1  ./soty test water\n" in made.stdout
    for words in (
        ("new", "usecase", "water", "drink_up"),
        ("new", "usecase", "operations", "greet_keeper", "--permission", "READ"),
        ("new", "event", "water", "glass_emptied"),
        ("new", "event", "operations", "keeper_greeted"),
        ("test", "water"),
        ("check",),
        ("test", "operations"),
    ):
        done = tree.soty(*words)
        assert done.returncode == 0, done.stdout
