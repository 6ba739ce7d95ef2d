"""What people read."""

from pathlib import Path

from entrypoints.cli.catalogues import findings


def catalogues(root: Path) -> list[str]:
    """Every code has its text in every language, with the same parameters, compiled; and every text its code."""
    return [f"{finding}; {finding.fix}" for finding in findings(root)]
