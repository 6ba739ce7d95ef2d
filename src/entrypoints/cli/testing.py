"""`soty test`: tests, then what was skipped and how to enable it."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from entrypoints.cli.checking import BORDERS, FORMAT, LINT, TYPES
from entrypoints.cli.steps import PYTHON, Step, report, run_steps
from entrypoints.shared.fault import Fault, FaultError
from entrypoints.shared.settings import ROOT

PYTEST = (PYTHON, "-m", "pytest", "-q", "-n", "2")
COVERAGE = ("--cov", "--cov-report=term", "--cov-fail-under=95")
CORE = ("tests/unit", "tests/contract/memory", "tests/module")
"""Tests of the core: coverage counts what they run, and every Python runs them."""

VERSIONS = ("3.11", "3.12", "3.13")
OLDEST_POSTGRES = Path("/usr/lib/postgresql/15/bin")


@click.command(context_settings={"ignore_unknown_options": True})
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Add style, types, borders, coverage, browser, broker, PostgreSQL 15, other Pythons.",
)
@click.argument("paths", nargs=-1, type=click.UNPROCESSED)
def test(everything: bool, paths: tuple[str, ...]) -> int:
    """Run the tests on memory and on embedded servers.

    PATHS and other words go to pytest; the name of a module stands for all tests of it.
    """
    if everything:
        return report(run_steps([LINT, FORMAT, TYPES, BORDERS, *_whole(), _oldest_postgres(), *_other_pythons()]))
    given = [found for path in paths for found in _found(path)]
    return min(run_steps([Step("tests", (*PYTEST, *given))])[0].code, 1)


def _found(word: str) -> list[str]:
    """Tests of a module by its name, and every other word as pytest takes it."""
    if not (ROOT / "src/core" / word / "module.py").exists():
        return [_rooted(word)]
    patterns = (f"*/{word}", f"**/test_{word}.py", f"**/test_{word}_*.py")
    return sorted(str(path) for pattern in patterns for path in (ROOT / "tests").glob(pattern))


def _rooted(word: str) -> str:
    path, mark, case = word.partition("::")
    if word.startswith("-") or (not mark and "/" not in path):
        return word
    if not Path(path).exists() and not (ROOT / path).exists():
        raise FaultError([Fault(f"no such test: {path}", "command line", "./soty test tests/unit")])
    return f"{Path(path).resolve() if Path(path).exists() else path}{mark}{case}"


def _whole() -> Iterator[Step]:
    again = "run one again: ./soty test <its path>"
    yield Step("core", (*PYTEST, "--everything", *COVERAGE, *CORE), again)
    yield Step("other tests", (*PYTEST, "--everything", *(f"--ignore={path}" for path in CORE)), again)


def _oldest_postgres() -> Step:
    name = "postgresql 15"
    if not (OLDEST_POSTGRES / "postgres").exists():
        return Step(name, absent="apt-get install postgresql-15")
    paths = ("tests/contract/postgres", "tests/migrations", "tests/integration/test_backup.py")
    return Step(name, ("/usr/bin/env", f"SOTY_POSTGRES_BIN={OLDEST_POSTGRES}", *PYTEST, *paths))


def _other_pythons() -> Iterator[Step]:
    """Both at once: while packages of one are fetched, the other has the processors."""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = {version: _interpreter(version) for version in VERSIONS if version != here}
    yield from (
        Step(f"python {version}", absent=f"install python{version} or run: pyenv install {version}")
        for version, python in found.items()
        if python is None
    )
    if there := {version: python for version, python in found.items() if python is not None}:
        path = os.pathsep.join([*(str(python.parent) for python in there.values()), os.environ.get("PATH", os.defpath)])
        envs = ",".join(f"py{version.replace('.', '')}" for version in there)
        tox = (PYTHON, "-m", "tox", "run-parallel", "-q", "--parallel-no-spinner", "-e", envs)
        yield Step(f"python {', '.join(there)}", ("/usr/bin/env", f"PATH={path}", *tox), f"tox -e {envs}")


def _interpreter(version: str) -> Path | None:
    pyenv = sorted(Path("~/.pyenv/versions").expanduser().glob(f"{version}.*/bin/python{version}"))
    if pyenv:
        return pyenv[-1]
    found = shutil.which(f"python{version}")
    return Path(found) if found else None
