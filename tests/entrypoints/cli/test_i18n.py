"""Catalogues are brought in line with the code, and the program says when they are not."""

import shutil
from gettext import GNUTranslations
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from entrypoints.cli import i18n as commands
from entrypoints.cli.catalogues import FOLDER, add_texts, codes, compile_all, extract, findings
from entrypoints.cli.main import soty
from entrypoints.shared.fault import Exit, FaultError
from entrypoints.shared.settings import ROOT
from entrypoints.shared.texts import LANGUAGES

PLANTED = """
class Dry(SotyError):
    '''Dry.'''

    code = "water.dry"

text = page_text(language, "water.title")
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Catalogues that fit the code, and an error and a page that have no texts yet."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("static", "__pycache__"))
    (tmp_path / "src/core/water.py").write_text(PLANTED)
    return tmp_path


def test_new_codes_get_empty_texts_and_old_ones_go(tree: Path) -> None:
    before = (tree / FOLDER / "ru.po").read_text()
    assert len(extract(tree)) == 3 * len(LANGUAGES)
    assert {(finding.code, finding.wrong) for finding in findings(tree)} == {
        ("water.dry", "empty"),
        ("water.title", "empty"),
    }
    (tree / "src/core/water.py").unlink()
    assert len(extract(tree)) == 3 * len(LANGUAGES)
    assert (tree / FOLDER / "ru.po").read_text() == before
    assert not findings(tree)
    assert extract(tree) == []


def test_added_texts_are_read_at_once(tree: Path) -> None:
    for language in LANGUAGES:
        texts = {("title", "water.dry"): "Dry", ("detail", "water.dry"): "No {what}.", ("page", "water.title"): "Water"}
        add_texts(language, texts, tree)
    assert not findings(tree)
    assert compile_all(tree) == []
    with (tree / FOLDER / "ru.mo").open("rb") as file:
        assert GNUTranslations(file).pgettext("detail", "water.dry") == "No {what}."


def test_what_the_code_asks_for_is_found() -> None:
    assert {("title", "kernel.error"), ("field", "too_long"), ("field", "not_utf8")} <= codes()


def test_status(monkeypatch: pytest.MonkeyPatch, tree: Path) -> None:
    run = CliRunner().invoke(soty, ["i18n", "status"])
    assert (run.exit_code, run.output) == (0, "en, ru: every text is there and compiled\n")
    monkeypatch.setattr(commands, "findings", lambda: findings(tree))
    told = msgspec.json.decode(CliRunner().invoke(soty, ["i18n", "status", "--json"]).output)
    assert [finding["wrong"] for finding in told["findings"]] == ["missing"] * 6
    error = CliRunner().invoke(soty, ["i18n", "status"]).exception
    assert isinstance(error, FaultError)
    assert error.code == Exit.FAILED
    assert error.faults[0].fix == "./soty i18n extract"


def test_a_broken_catalogue_is_named(tree: Path) -> None:
    with (tree / FOLDER / "ru.po").open("a") as file:
        file.write("<<<<<<< ours\n")
    with pytest.raises(FaultError, match=r"ru\.po:\d+: <<<<<<< ours"):
        findings(tree)


def test_nothing_to_do() -> None:
    for command in ("extract", "compile"):
        assert CliRunner().invoke(soty, ["i18n", command]).output == "nothing to do\n"
