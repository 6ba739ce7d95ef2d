"""Says how many tests each part ran, and how to enable what was skipped; pytest's own closing line follows."""

from collections import Counter
from pathlib import PurePosixPath
from typing import Any

import pytest

COSTLY = ("browser", "broker", "slow")
COUNTED = ("passed", "failed", "error", "skipped")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that `soty test --all` gives."""
    parser.addoption("--everything", action="store_true", help="run browser, real broker and slow tests as well")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what is costly unless everything is asked for."""
    if config.getoption("--everything"):
        return
    for item in items:
        for mark in (mark.name for mark in item.iter_markers() if mark.name in COSTLY):
            item.add_marker(pytest.mark.skip(reason=f"{mark}: run ./soty test --all"))


def part_of(node_id: str) -> str:
    """Name the part that a test belongs to.

    :param node_id: identifier of the test.
    :returns: such as `unit` or `contract postgres`.
    """
    folders = PurePosixPath(node_id.split("::", maxsplit=1)[0]).parent.parts[1:]
    return " ".join(folders[: 2 if folders[:1] in (("contract",), ("entrypoints",)) else 1]) or "tests"


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Write the counts of parts and the reasons of skips."""
    stats = terminalreporter.stats
    counts = Counter(part_of(report.nodeid) for kind in COUNTED for report in stats.get(kind, []))
    if len(counts) > 1:
        terminalreporter.write_line(" · ".join(f"{part} {number}" for part, number in sorted(counts.items())))
    reasons = Counter((part_of(report.nodeid), _reason(report)) for report in stats.get("skipped", []))
    for (part, reason), number in sorted(reasons.items()):
        terminalreporter.write_line(f"{part}: {number} skipped: {reason}")


def _reason(report: Any) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return str(text).removeprefix("Skipped: ")
