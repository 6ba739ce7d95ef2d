"""The runner of pages: it sees what is not so, and takes what is new each time for what it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.blocks import blocks_of
from tests.docs.clone import Clone, fresh_clone
from tests.docs.told import Ids
from tests.docs.walk import Walk

ONE = "01a1fdb1-ea1f-795a-ab4a-8da1988f3a4e"
TWO = "01a1fdb1-ea20-7000-8000-000000000002"
RUN = "01b00000-0000-7000-8000-0000000000aa"


@pytest.fixture(scope="module")
def clone() -> Iterator[Clone]:
    with fresh_clone() as clone:
        yield clone


def follow(clone: Clone, *blocks: str) -> None:
    Walk(clone).page("a.md", "\n".join(f"```{block}\n```" for block in blocks))


@pytest.mark.parametrize(
    "told,printed",
    [
        ("a …\n", "a thing\n"),
        ("a\n…\nz\n", "a\nb\nc\nz\n"),
        ("a\n…\nz\n", "a\nz\n"),
        (f'{{"id":"{ONE}","at":"2026-11-21T10:40:57.887627Z"}}\n', f'{{"id":"{RUN}","at":"2027-01-01T00:00:00Z"}}'),
        ("Ready in 1.9 s. http://127.0.0.1:8000/docs\n", "Ready in 12 s. http://127.0.0.1:41007/docs\n"),
        ("First run: installing into .venv\nInstalled in 20 s.\nSoty\n", "Soty\n"),
        ("", ""),
    ],
)
def test_same(told: str, printed: str) -> None:
    assert Ids().same(told, printed)


@pytest.mark.parametrize(
    "told,printed",
    [
        ("a …\n", "b thing\n"),
        ("a\n", "a\nb\n"),
        ("a\nb\n", "a\n"),
        ("", "a\n"),
        ("a\n", ""),
        ('{"quantity":98}\n', '{"quantity":99}\n'),
        ('{"at":"2025-02-18T12:12:56Z"}\n', '{"at":"2025-02-18T12:12:57Z"}\n'),
        ("25718666-6af6-4281-b5a6-3016e36fa557\n", "25718666-6af6-4281-b5a6-3016e36fa558\n"),
        (f"{ONE} {ONE}\n", f"{RUN} {TWO}\n"),
    ],
)
def test_not_same(told: str, printed: str) -> None:
    assert not Ids().same(told, printed)


def test_an_id_stays_the_same_one() -> None:
    ids = Ids()
    assert ids.same(f"made {ONE}\n", f"made {RUN}\n")
    assert ids.spoken(f"show {ONE}") == f"show {RUN}"
    assert ids.same(f"{ONE}\n", f"{RUN}\n")
    assert not ids.same(f"{ONE}\n", f"{TWO}\n")


def test_what_is_so_passes(clone: Clone) -> None:
    follow(
        clone,
        'text title="a/b.txt"\nhello',
        "console\n$ cat a/b.txt\nhello\n$ cd a && x='1 2'\n$ echo $x\n1 2\n$ cat <<END\n> two\n> END\ntwo\n$ cd ..",
        "sh\ntest -f soty",
        "python\nimport core",
        'json\n{"a": 1}',
        "toml\na = 1",
        "csv\na,b\n1,2",
        'python source="src/core/kernel/outbox.py"\nLANES = 64',
        "diff\n--- a/a/b.txt\n+++ b/a/b.txt\n@@ -1 +1 @@\n-hello\n+moved",
        "console\n$ cat a/b.txt\nmoved",
        'sh not-run="it would turn the machine off"\nshutdown now',
    )


@pytest.mark.parametrize(
    "block,why",
    [
        ("console\n$ echo 98\n99", r"a\.md:2: \$ echo 98"),
        ("console\n$ echo 98", "echo 98"),
        ("console\n$ true\n98", r"\$ true"),
        ("console\n$ false", "exit code 1"),
        ("console\nout of nowhere", "begins with a command"),
        ("console\n^C", "nothing is there to interrupt"),
        ("sh\nfalse\ntrue", "exit code 1"),
        ("python\nimport soty.testing", "ModuleNotFoundError"),
        ("python\nassert 1 == 2", "AssertionError"),
        ('json\n{"a": 1,}', "no json"),
        ("toml\na = ", "no toml"),
        ("csv\na,b\n1", "different lengths"),
        ('python source="src/core/kernel/outbox.py"\nLANES = 65', "does not say so"),
        ("diff\n--- a/soty\n+++ b/soty\n@@ -1 +1 @@\n-nowhere\n+x", "exit code"),
        ("text\n$ ls", "is called console"),
        ("\nplain", "says what it is"),
        ('sh not-run=""\ntrue', "say why"),
        ('sh not-run="needs a cloud"\nif then', "yntax error"),
    ],
)
def test_what_is_not_so_is_seen(clone: Clone, block: str, why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        follow(clone, block)


def test_an_indented_block_is_seen() -> None:
    with pytest.raises(AssertionError, match="between fences"):
        blocks_of("a.md", "# A\n\n    ./soty up\n")


def test_a_clone_is_whole_and_its_environment_empty(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOTY_PROFILE", "prod")
    assert "SOTY_PROFILE" not in clone.run("export -p")[0]
    where = clone.run(".venv/bin/python -c 'from entrypoints.shared.settings import ROOT; print(ROOT)'")[0].strip()
    assert Path(where) == clone.root
