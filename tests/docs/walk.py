"""Does what a page says, block by block, and compares what comes of it."""

import csv
import json
import re
import subprocess
import textwrap
import time
import tomllib
from collections.abc import Callable

import yaml

from entrypoints.shared.settings import ROOT
from tests.docs.blocks import NOT_RUN, Block, Step, blocks_of, steps_of
from tests.docs.clone import Clone
from tests.docs.told import Ids, difference

SERVING = re.compile(r"(\w+=\S+ )*\./soty (up|http|consumer|scheduler|docs serve|events tail)\b")
NEEDS_UP = re.compile(r"localhost:8000|var/key|127\.0\.0\.1:8000|\./soty (events|backup (create|verify)) ")
READING = re.compile(r"(?!.* (-d|-X|-T|-F|--data\S*|--request) ).*\bcurl |\./soty events dead\b", re.DOTALL)
PATIENCE = 120.0
SHOWN_ONLY = ("text", "mermaid")


class Walk:
    """One reader on one page."""

    def __init__(self, clone: Clone) -> None:
        """:param clone: where the reader is."""
        self._clone = clone
        self._ids = Ids()
        self._by_language: dict[str, Callable[[Block], object]] = {
            "console": self._terminal,
            "sh": lambda block: self._script(block.text),
            "python": self._python,
            "diff": self._patch,
            "json": lambda block: json.loads(block.text),
            "toml": lambda block: tomllib.loads(block.text),
            "yaml": lambda block: yaml.safe_load(block.text),
            "csv": _table,
        }

    def page(self, name: str, text: str) -> None:
        """Follow a page.

        :param name: for messages.
        :raises AssertionError: it tells what is not so.
        """
        for block in blocks_of(name, text):
            if NOT_RUN in block.marks:
                _may_stand(block)
            else:
                self.block(block)

    def block(self, block: Block) -> None:
        """Do what one block says.

        :raises AssertionError: it cannot be done, or tells what is not so.
        """
        if "source" in block.marks:
            _is_in(block, block.marks["source"])
        elif "title" in block.marks:
            path = self._clone.root / block.marks["title"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language in self._by_language:
            try:
                self._by_language[block.language](block)
            except ValueError as error:
                raise AssertionError(f"{block.place}: no {block.language}: {error}") from error
        else:
            assert block.language in SHOWN_ONLY, (
                f"{block.place}: a block says what it is; {block.language!r} is not known"
            )
            assert not re.search(r"^\$ ", block.text, re.MULTILINE), f"{block.place}: a terminal is called console"

    def _terminal(self, block: Block) -> None:
        for step in steps_of(block):
            if step.command == "^C":
                assert self._clone.serving, f"{step.place}: nothing is there to interrupt"
                self._interrupt(step)
            elif SERVING.match(step.command):
                self._serve(step)
            else:
                self._run(step)

    def _serve(self, step: Step) -> None:
        if "events tail" in step.command:
            self._be_up(step.command)
        serving = self._clone.start(self._ids.spoken(step.command))
        ok = serving.until(lambda printed: self._ids.same(step.told, printed))
        assert ok, f"{step.place}: $ {step.command}\n{difference(step.told, serving.printed)}"
        serving.looked_at()

    def _interrupt(self, step: Step) -> None:
        serving = self._clone.serving.pop()
        serving.interrupt()
        assert not step.told or self._ids.same(step.told, serving.printed), (
            f"{step.place}: ^C\n{difference(step.told, serving.printed)}"
        )

    def _run(self, step: Step) -> None:
        command = self._ids.spoken(step.command)
        self._be_up(command)
        deadline = time.monotonic() + PATIENCE
        while True:
            printed, code = self._clone.run(command)
            if self._ids.same(step.told, printed):
                break
            if not READING.match(command) or time.monotonic() > deadline:
                raise AssertionError(f"{step.place}: $ {step.command}\n{difference(step.told, printed)}")
            time.sleep(0.1)
        assert printed or code == 0, f"{step.place}: exit code {code} of: {command}"

    def _be_up(self, command: str) -> None:
        if NEEDS_UP.search(command) and not any(each.runs for each in self._clone.serving):
            serving = self._clone.start("./soty up")
            assert serving.until(lambda printed: "Ready in" in printed), serving.printed

    def _script(self, text: str) -> None:
        self._be_up(text)
        printed, code = self._clone.run(self._ids.spoken(text), strict=True)
        assert code == 0, f"exit code {code} of: {text}\n{printed}"

    def _python(self, block: Block) -> None:
        program = self._clone.root.parent / "block.py"
        program.write_text(block.text, encoding="utf-8")
        self._script(f".venv/bin/python {program}")

    def _patch(self, block: Block) -> None:
        patch = self._clone.root.parent / "block.diff"
        patch.write_text(block.text, encoding="utf-8")
        self._script(f"git apply --unidiff-zero {patch}")


def _may_stand(block: Block) -> None:
    """A block that is not run says why, and is at least a program that a shell can read."""
    assert len(block.marks[NOT_RUN]) > 5, f"{block.place}: say why it is not run"
    texts = {"sh": lambda: [block.text], "console": lambda: [step.command for step in steps_of(block)]}
    for text in texts.get(block.language, list)():
        done = subprocess.run(["/bin/sh", "-n"], input=text, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{block.place}: {done.stderr}"


def _is_in(block: Block, source: str) -> None:
    """A block that quotes a file stands in it word for word, indented or not."""
    text = textwrap.dedent((ROOT / source).read_text(encoding="utf-8"))
    bare = "\n".join(line.strip() for line in text.splitlines())
    wanted = "\n".join(line.strip() for line in block.text.strip().splitlines())
    assert wanted in bare, f"{block.place}: {source} does not say so"


def _table(block: Block) -> None:
    rows = list(csv.reader(block.text.splitlines()))
    assert len({len(row) for row in rows}) == 1, f"{block.place}: rows of different lengths"
