"""Whether a command printed what a page tells, but for what is new each time.

``…`` stands for any characters of a line, and alone on a line for any lines. Names that were made by a run (UUIDv7,
archives) are taken for those of this run, each always for the same one, also in later commands. Moments with a fraction
of a second, durations, sizes, versions of Python and ports differ, and lines of the log are passed over. Everything
else is compared as it stands.
"""

import difflib
import re

INSTALLING = ("First run: installing", "Adding what tests need", "Installed in")
ID = r"(?:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|soty-\d{8}-\d{6}-[0-9a-f]{4})"
CHANGES = {
    "any": ("…", ".*?"),
    "moment": (
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(?:Z|\+00:00)",
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)",
    ),
    "hour": (r"\d\d:\d\d:\d\d\.\d+", r"\d\d:\d\d:\d\d\.\d+"),
    "duration": (r"\d+(?:\.\d+)? ?m?s\b", r"\d+(?:\.\d+)? ?m?s\b"),
    "size": (r"\d+\.\d kB", r"\d+\.\d kB"),
    "long": (r"\(\d+:\d\d:\d\d\)", r"\(\d+:\d\d:\d\d\)"),
    "address": (r"(?:localhost|127\.0\.0\.1):\d+", r"(?:localhost|127\.0\.0\.1):\d+"),
    "python": (r"Python 3\.\d+\.\d+", r"Python 3\.\d+\.\d+"),
}
LOG = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z \[(?:info|warning) ")
TOKENS = re.compile("|".join([*(f"(?P<{name}>{told})" for name, (told, _) in CHANGES.items()), f"(?P<id>{ID})"]))


class Ids:
    """Ids of a page, and what they are in this run."""

    def __init__(self) -> None:
        self.of: dict[str, str] = {}

    def spoken(self, text: str) -> str:
        """A text of the page with the ids of this run."""
        return re.sub(ID, lambda found: self.of.get(found[0], found[0]), text)

    def same(self, told: str, printed: str) -> bool:
        """Whether the page tells what was printed; then its new ids are known."""
        asked: list[str] = []
        found = re.fullmatch("".join(self._line(line, asked) for line in _lines(told).splitlines()), _lines(printed))
        if found is None:
            return False
        self.of.update({name: found[f"id{number}"] for number, name in enumerate(asked)})
        return True

    def _line(self, line: str, asked: list[str]) -> str:
        if line == "…":
            return r"(?:.*\n)*?"
        text, end = "", 0
        for token in TOKENS.finditer(line):
            text += re.escape(line[end : token.start()])
            text += self._id(token[0], asked) if token["id"] else CHANGES[str(token.lastgroup)][1]
            end = token.end()
        text += re.escape(line[end:].rstrip()) + r"[ \t]*\n"
        return f"(?:{text})?" if line.startswith(INSTALLING) else text

    def _id(self, name: str, asked: list[str]) -> str:
        if name in self.of:
            return re.escape(self.of[name])
        if name in asked:
            return f"(?P=id{asked.index(name)})"
        asked.append(name)
        return f"(?P<id{len(asked) - 1}>{ID})"


def _lines(text: str) -> str:
    """The text without the log, and without empty lines around it."""
    text = "\n".join(line for line in text.splitlines() if not LOG.match(line)).strip("\n")
    return f"{text}\n" if text else ""


def difference(told: str, printed: str) -> str:
    """Both texts as a difference, for a message."""
    lines = difflib.unified_diff(told.splitlines(), printed.splitlines(), "the page", "this run", lineterm="", n=99)
    return "\n".join(lines)
