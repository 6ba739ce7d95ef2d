"""Errors that are not declared are found, and declared where no words are needed."""

import shutil
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from entrypoints.cli import exceptions
from entrypoints.cli.exceptions import declare
from entrypoints.cli.main import soty
from entrypoints.cli.raised import Sources
from entrypoints.shared.fault import FaultError
from entrypoints.shared.settings import ROOT

MODULE = "src/core/inventory/module.py"
STOCKTAKES = "src/entrypoints/http/inventory/stocktakes.py"
ALERTS = "src/entrypoints/http/inventory/alerts.py"
USE = "src/core/inventory/usecases/take_stock.py"
PLANTED = """

class Planted(SotyError):
    '''Planted.'''

    code = "inventory.planted"
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what errors are read from."""
    for folder in ("src/core", "src/entrypoints/http"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("static", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def change(tree: Path, path: str, old: str, new: str) -> None:
    text = (tree / path).read_text()
    assert old in text
    (tree / path).write_text(text.replace(old, new))


def test_what_needs_no_words_is_declared(tree: Path) -> None:
    errors = "src/core/inventory/domain/errors.py"
    (tree / errors).write_text((tree / errors).read_text() + PLANTED)
    change(tree, STOCKTAKES, "errors=GONE,", "errors=(),")
    change(tree, STOCKTAKES, '(*GONE, "inventory.stocks_short")', "GONE")
    change(tree, ALERTS, 'errors=("inventory.alert_not_found",),', "")
    assert {each.kind for each in Sources(tree).undeclared()} == {"manifest", "operation"}
    assert declare(Sources(tree), tree) == []
    assert Sources(tree).undeclared() == []
    assert '(*GONE, "inventory.stocks_short")' in (tree / STOCKTAKES).read_text()
    assert (tree / ALERTS).read_text().count('errors=("inventory.alert_not_found",)') == 2
    assert "    Planted,\n" in (tree / MODULE).read_text()


def test_what_needs_words_is_named(tree: Path) -> None:
    change(tree, USE, "        :raises StocktakeFull: it would have more lines than can be applied at once.\n", "")
    (left,) = declare(Sources(tree), tree)
    assert str(left).startswith(USE)
    assert "StocktakeFull is not in the docstring" in str(left)


def test_commands(monkeypatch: pytest.MonkeyPatch, tree: Path) -> None:
    assert CliRunner().invoke(soty, ["exceptions", "check"]).exit_code == 0
    told = msgspec.json.decode(CliRunner().invoke(soty, ["exceptions", "report", "--json"]).output)
    (one,) = [each for each in told if each["code"] == "inventory.stocktake_full"]
    assert one["use_cases"] == ["CountStock"]
    assert len(one["operations"]) == 1
    assert "inventory.stocktake_full   StocktakeFull\n" in CliRunner().invoke(soty, ["exceptions", "report"]).output
    change(tree, USE, "        :raises StocktakeFull: it would have more lines than can be applied at once.\n", "")
    monkeypatch.setattr(exceptions, "Sources", lambda: Sources(tree))
    assert isinstance(CliRunner().invoke(soty, ["exceptions", "check"]).exception, FaultError)
    assert "`:raises Name: when.`" in CliRunner().invoke(soty, ["exceptions", "fix"]).output
