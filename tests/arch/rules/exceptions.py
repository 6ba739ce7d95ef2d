"""Errors are declared where they are raised."""

from pathlib import Path

from entrypoints.cli.raised import Sources


def declared(root: Path) -> list[str]:
    """What a use case raises is in its docstring, the manifest, and the errors of each operation that calls it."""
    return [str(each) for each in Sources(root).undeclared()]
