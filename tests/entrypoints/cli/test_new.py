"""Scaffolds refuse what cannot be, and what they write passes every check."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from entrypoints.cli.main import soty
from entrypoints.cli.port_bindings import held_ports
from entrypoints.cli.scaffold.adapter import plan_adapter
from entrypoints.cli.sources import base_names, methods
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
        ("class", "a word of Python"),
        ("user", "of SQL"),
        ("kernel", "of the house"),
        ("pg_water", "of SQL"),
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
        (("module", "water", "--use", "operations"), "operations tells no facts"),
        (("module", "water", "--use", "inventory.stock_rose"), "there is no fact 'inventory.stock_rose'"),
        (("event", "inventory", "stock_adjusted"), "there is inventory.stock_adjusted already"),
    ],
)
def test_parts_that_cannot_be_are_wrong_usage(words: tuple[str, ...], why: str) -> None:
    error = refusal(*words)
    assert error.code is Exit.USAGE
    assert why in error.faults[0].error


def test_the_nearest_name_is_proposed() -> None:
    assert refusal("event", "inventry", "x").faults[0].fix == "did you mean inventory?"


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


PORTS = {held.port.name: held for held in held_ports(ROOT)}
WRITTEN_BY_HAND = "OpenWork"


@pytest.mark.parametrize("port", sorted(PORTS.keys() - {WRITTEN_BY_HAND}))
def test_a_skeleton_owes_every_method_and_is_bound_to_every_suite(port: str) -> None:
    code, test = (text for path, text in plan_adapter("stone", port).made.items() if "__init__" not in path)
    (cls,) = [node for node in ast.parse(code).body if isinstance(node, ast.ClassDef)]
    assert [node.name for node in cls.body if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)] == [
        method.name for method in methods(PORTS[port].port.cls)
    ]
    bound = {base for node in ast.parse(test).body if isinstance(node, ast.ClassDef) for base in base_names(node)}
    assert bound & {suite.cls.name for suite in PORTS[port].suites}


def test_an_adapter_that_is_there_and_a_port_that_is_not_are_wrong_usage() -> None:
    assert refusal("adapter", "postgres", "--port", "StockReader").faults[0].error == "postgres has StockReader already"
    assert refusal("adapter", "stone", "--port", "StockReder").faults[0].fix == "did you mean StockReader?"
    assert "OpenTransaction" in refusal("adapter", "stone", "--port", WRITTEN_BY_HAND).faults[0].fix


PARTS = ("lint", "format", "types", "borders", "drift")
PROOFS = ("test_mutations.py", "test_reference.py")
"""They judge the checks, in copies of the tree that they harm, and nothing of what is new."""


class Tree:
    """A copy of the tree with what mypy knows of it, and the program in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for path in tracked(ROOT):
            copy = root / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
        if (known := ROOT / ".mypy_cache").exists():
            shutil.copytree(known, root / known.name)

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
    made = tree.soty("new", "module", "water", "--use", "inventory", "--use", "inventory.stock_fell_low")
    assert made.returncode == 0, made.stdout
    assert "next:\n  1  ./soty test water\n" in made.stdout
    for words in (
        ("new", "module", "green_tea", "--use", "water"),
        ("new", "usecase", "water", "drink_up"),
        ("new", "usecase", "operations", "greet_keeper", "--permission", "READ"),
        ("new", "event", "water", "glass_emptied"),
        ("new", "event", "operations", "keeper_greeted"),
        ("test", "water"),
        ("check", *PARTS),
        ("test", "tests/arch", *(f"--ignore=tests/arch/{name}" for name in PROOFS)),
        ("test", "green_tea"),
        ("test", "operations"),
    ):
        done = tree.soty(*words)
        assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_a_new_adapter_is_told_which_promises_it_breaks(tree: Tree) -> None:
    made = tree.soty("new", "adapter", "stone", "--port", "StockReader")
    assert made.returncode == 0, made.stdout
    checked = tree.soty("check", "lint", "types", "drift")
    assert checked.returncode == 0, checked.stdout
    broken = tree.soty("test", "tests/contract/stone")
    assert broken.returncode == 1
    assert "promise broken: an unknown pair holds 0\n  suite:   StockReaderSuite, contracts/ports/" in broken.stdout
    assert "adapter: StoneStockReader.stock is not written: The stock of a product in a warehouse" in broken.stdout
    assert "Traceback" not in broken.stdout
