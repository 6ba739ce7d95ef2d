"""What developers type out of habit leads to commands that exist."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner

from entrypoints.cli.main import soty
from entrypoints.shared.fault import Exit

ROOT = Path(__file__).resolve().parents[2]
TARGETS = [
    "help",
    "setup-dev",
    "install",
    "run",
    "worker",
    "up",
    "down",
    "rebuild",
    "prune",
    "logs",
    "migrate",
    "revision",
    "format",
    "lint",
    "lint-fix",
    "typecheck",
    "test",
    "test-cov",
    "test-fast",
    "check",
    "check-all",
    "check-imports",
    "check-exceptions",
    "fix-exceptions",
    "exceptions-report",
    "check-docs",
    "clean",
]
NOT_YET = {"worker"}
needs_make = pytest.mark.skipif(not shutil.which("make"), reason="needs make: apt install make")
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))


def made(*words: str) -> str:
    """What `make` would run, or prints."""
    return subprocess.run(["make", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def commands(text: str) -> list[list[str]]:
    """The words of every `./soty` in a text, up to its end."""
    return [shlex.split(found) for found in re.findall(r"\./soty ([^`\n;&|]+)", text)]


def understood(words: list[str]) -> bool:
    """Whether the program has the command, with these options and arguments."""
    group: click.Command = soty
    with click.Context(soty, info_name="soty") as context:
        while isinstance(group, click.Group) and words:
            found = group.get_command(context, words[0])
            if found is None:
                return False
            group, words = found, words[1:]
        try:
            group.make_context("soty", list(words), parent=context)
        except click.UsageError:
            return False
    return True


@needs_make
@pytest.mark.parametrize("target", TARGETS)
def test_target_runs_what_exists(target: str) -> None:
    would_run = made("--dry-run", target, "module=inventory", "message=what it does")
    assert would_run
    for words in commands(would_run):
        assert understood(words) is (words[0] not in NOT_YET), words
    for file in re.findall(r"--file (\S+)", would_run):
        assert (ROOT / file).is_file()


@needs_make
def test_help_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    phony = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert phony
    listed = [line.split()[0] for line in made("help").splitlines()]
    assert sorted(listed) == sorted(phony[1].split()) == sorted(TARGETS)


@needs_make
def test_what_is_missing_for_a_revision_is_said() -> None:
    told = subprocess.run(["make", "revision"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert "module= is missing" in told.stderr


def test_a_process_that_is_not_there_yet_is_refused() -> None:
    for name in NOT_YET:
        assert CliRunner().invoke(soty, [name]).exit_code == Exit.USAGE


def test_hooks_are_local_and_run_what_exists() -> None:
    assert [repo["repo"] for repo in HOOKS] == ["local"]
    for hook in HOOKS[0]["hooks"]:
        (words,) = commands(hook["entry"])
        assert understood(words), hook["entry"]
        assert hook["language"] == "system"


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_forms_ask_for_the_version(form: Path) -> None:
    content = yaml.safe_load(form.read_text(encoding="utf-8"))
    if form.stem == "config":
        assert content == {"blank_issues_enabled": False}
        return
    assert content.keys() >= {"name", "description", "body"}
    fields = {field["id"]: field for field in content["body"] if field["type"] != "markdown"}
    assert fields["version"]["validations"]["required"]
    assert "`./soty version`" in fields["version"]["attributes"]["label"]
    for words in commands(form.read_text(encoding="utf-8")):
        assert understood(words), words


def test_the_container_for_developers_begins_with_what_exists() -> None:
    told = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    assert [understood(words) for words in commands(told["postCreateCommand"])] == [True, True]


def test_the_template_of_pull_requests_names_commands() -> None:
    named = commands((ROOT / ".github/pull_request_template.md").read_text(encoding="utf-8"))
    assert len(named) == 3
    assert all(map(understood, named))


@pytest.mark.parametrize(
    "words, is_known",
    [
        (["check", "--fix", "lint"], True),
        (["check", "planted"], False),
        (["test", "--cov"], True),
        (["db", "planted"], False),
        (["db", "upgrade", "--planted"], False),
        (["planted"], False),
    ],
)
def test_what_does_not_exist_is_seen(words: list[str], is_known: bool) -> None:
    assert understood(words) is is_known


def test_what_cannot_be_mended_is_refused() -> None:
    told = CliRunner().invoke(soty, ["check", "--fix", "types"])
    assert told.exit_code == Exit.USAGE
    assert "--fix mends lint and format, not types" in told.output
