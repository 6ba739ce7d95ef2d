"""The code blocks of a page, and the steps of those that show a terminal."""

import re
from pathlib import Path

import msgspec
from markdown_it import MarkdownIt

NOT_RUN = "not-run"
MARK = re.compile(r'([\w-]+)="([^"]*)"')


class Block(msgspec.Struct, frozen=True):
    """A fenced block: its language, and what its info string says beside it, as in ``sh not-run="why"``."""

    page: str
    line: int
    language: str
    marks: dict[str, str]
    text: str

    @property
    def place(self) -> str:
        """Where it begins."""
        return f"{self.page}:{self.line}"


class Step(msgspec.Struct, frozen=True):
    """A command at a prompt, and what it is said to print."""

    place: str
    command: str
    told: str


def blocks_of(page: str, text: str) -> list[Block]:
    """Blocks of a page, in order.

    :param page: its name, for messages.
    :raises AssertionError: one is indented instead of fenced, so that it has no language.
    """
    found = []
    for token in MarkdownIt("commonmark").parse(text):
        line = (token.map or [0])[0] + 1
        assert token.type != "code_block", f"{page}:{line}: an indented block has no language, put it between fences"
        if token.type == "fence":
            language, _, rest = token.info.strip().partition(" ")
            found.append(Block(page, line, language, dict(MARK.findall(rest)), token.content))
    return found


def steps_of(block: Block) -> list[Step]:
    """Commands after ``$``, with lines after ``>`` that go on; what stands below one is what it prints.

    :raises AssertionError: output stands before any command.
    """
    steps: list[Step] = []
    for number, line in enumerate(block.text.splitlines(), block.line + 1):
        place = f"{block.page}:{number}"
        if line.startswith("$ ") or line == "^C":
            steps.append(Step(place, line.removeprefix("$ "), ""))
            continue
        assert steps, f"{place}: a terminal begins with a command: $ …"
        last = steps[-1]
        if line.startswith("> ") and not last.told:
            steps[-1] = msgspec.structs.replace(last, command=f"{last.command}\n{line[2:]}")
        else:
            steps[-1] = msgspec.structs.replace(last, told=f"{last.told}{line}\n")
    return steps


def pages(root: Path) -> list[Path]:
    """Pages whose blocks are run: README, CONTRIBUTING and all of docs."""
    return [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]
