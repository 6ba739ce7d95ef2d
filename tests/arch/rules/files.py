"""What tracked files may say, and whether their links lead anywhere."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

PLACES = re.compile(
    r"(?<![\w.])/(?:root|work|mnt|media)/\w|/home/[a-z]\w*/|(?-i:/Users/)\w|[A-Z]:\\\\Users"
    r"|(?:extra-)?index-url|trusted-host|--find-links|\b(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}\b"
    r"|https?://[\w.-]*(?:artifactory|nexus|devpi|mirror|proxy|registry)[\w.-]*",
    re.IGNORECASE,
)
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".ini",
    ".yaml",
    ".yml",
    ".json",
    ".lock",
    ".txt",
    ".sh",
    ".cfg",
    ".mako",
    ".example",
    "",
}
WIDEST = 160
WRITTEN_BY_PROGRAM = ("docs/modules/", "docs/reference/", "docs/benchmarks")
OWN_WORDS = ("tests/arch/rules/files.py", "tests/arch/test_mutations.py")


def tracked(root: Path) -> list[Path]:
    """Files that git knows or would take, or all of them where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0 and (root / ".git").exists():
        return [path for name in listed.stdout.split("\0") if name and (path := root / name).is_file()]
    return [path for path in root.rglob("*") if path.is_file() and not {".git", ".venv", "var"} & set(path.parts)]


def machine_places(root: Path) -> list[str]:
    """No path, host or registry of one machine."""
    return [
        f"{path.relative_to(root)}:{number}: {found[0]!r} is of one machine"
        for path in tracked(root)
        if path.suffix in TEXT and path.relative_to(root).as_posix() not in OWN_WORDS
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if (found := PLACES.search(line))
    ]


def links(root: Path) -> list[str]:
    """Every relative link of a page leads to a file, and its anchor to a heading."""
    pages = [path for path in tracked(root) if path.suffix == ".md"]
    return [why for page in pages for why in _broken_links(root, page)]


def _broken_links(root: Path, page: Path) -> Iterator[str]:
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists():
            yield f"{page.relative_to(root)}:1: {target} leads nowhere"
        elif anchor and file.suffix == ".md" and anchor not in _anchors(file):
            yield f"{page.relative_to(root)}:1: {target} names no heading"


def _anchors(page: Path) -> set[str]:
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ +(.+)$", FENCE.sub("", text), re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)"', text))


def wide_lines(root: Path) -> list[str]:
    """A line of a page has at most 160 columns, but in tables, code, generated pages and the changelog."""
    pages = [path for path in tracked(root) if path.suffix == ".md" and path.name != "CHANGELOG.md"]
    return [
        f"{page.relative_to(root)}:{number}: {len(line)} columns"
        for page in pages
        if not page.relative_to(root).as_posix().startswith(WRITTEN_BY_PROGRAM)
        for number, line in enumerate(FENCE.sub(_emptied, page.read_text(encoding="utf-8")).splitlines(), 1)
        if len(line) > WIDEST and not line.lstrip().startswith(("|", "["))
    ]


def _emptied(code: re.Match[str]) -> str:
    return "\n" * code[0].count("\n")


def console_scripts(root: Path) -> list[str]:
    """Every console script of the project loads and can be called."""
    scripts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    return [
        f"pyproject.toml:1: {name} = {target!r} does not load" for name, target in scripts.items() if not _loads(target)
    ]


def _loads(target: str) -> bool:
    module, _, name = target.partition(":")
    try:
        return callable(getattr(import_module(module), name, None))
    except ImportError:
        return False
