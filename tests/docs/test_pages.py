"""Whoever follows a page in a fresh clone gets what it tells."""

import re
import shutil
from pathlib import Path

import pytest
from click import Context

from entrypoints.cli.main import soty
from entrypoints.shared.settings import ROOT
from tests.docs.blocks import NOT_RUN, blocks_of, pages
from tests.docs.clone import fresh_clone
from tests.docs.walk import Walk

QUICK = ("README.md", "CONTRIBUTING.md", "docs/tutorials/first-movement.md", "docs/modules/", "docs/reference/")
"""Pages that every run of the tests follows; `soty test --all` follows all."""
MOST_NOT_RUN = 12

NAMES = [page.relative_to(ROOT).as_posix() for page in pages(ROOT)]
WITH_BLOCKS = [name for name in NAMES if "\n```" in (ROOT / name).read_text(encoding="utf-8")]


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl: apt install curl")
@pytest.mark.parametrize(
    "name",
    [name if name.startswith(QUICK) else pytest.param(name, marks=pytest.mark.slow) for name in WITH_BLOCKS],
)
def test_page(name: str) -> None:
    with fresh_clone() as clone:
        Walk(clone).page(name, (ROOT / name).read_text(encoding="utf-8"))


def test_every_block_has_a_language_and_few_are_not_run() -> None:
    blocks = [block for name in NAMES for block in blocks_of(name, Path(ROOT / name).read_text(encoding="utf-8"))]
    assert all(block.language for block in blocks), [block.place for block in blocks if not block.language]
    not_run = [f"{block.place}: {block.marks[NOT_RUN]}" for block in blocks if NOT_RUN in block.marks]
    assert len(not_run) <= MOST_NOT_RUN, not_run


def test_help_lists_what_the_pages_name() -> None:
    named = {
        word for name in NAMES for word in re.findall(r"\./soty ([a-z0-9]+)", (ROOT / name).read_text(encoding="utf-8"))
    }
    assert named - set(soty.list_commands(Context(soty))) == set()
