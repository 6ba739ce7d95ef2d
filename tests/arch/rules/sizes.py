"""How long files and functions may be: code lines, without docstrings, comments and blank lines."""

import ast
import math
from pathlib import Path
from statistics import median

from entrypoints.cli.sources import Function, Source, docstring, functions, sources

FILE_MEDIAN, FILE_P90, FILE_CAP = 60, 150, 350
FUNCTION_MEDIAN, FUNCTION_P90, FUNCTION_CAP = 8, 25, 50


def code_lines(source: Source, node: ast.Module | Function) -> int:
    """Count the lines of a file or function that hold code."""
    start, end = (
        (1, len(source.text.splitlines())) if isinstance(node, ast.Module) else (node.lineno, node.end_lineno or 0)
    )
    skipped = _docstring_lines(node)
    lines = source.text.splitlines()[start - 1 : end]
    return sum(
        bool(line.strip()) and not line.strip().startswith("#") and number not in skipped
        for number, line in enumerate(lines, start)
    )


def _docstring_lines(tree: ast.AST) -> set[int]:
    found = [doc for node in ast.walk(tree) if (doc := docstring(node)) is not None]
    return {line for doc in found for line in range(doc.lineno, (doc.end_lineno or doc.lineno) + 1)}


def percentile(values: list[int], share: float) -> int:
    """The value that `share` of the values do not exceed (nearest rank)."""
    return sorted(values)[math.ceil(share * len(values)) - 1] if values else 0


def file_sizes(root: Path) -> list[str]:
    """Files: at most 350 code lines, nine of ten at most 150, half of them at most 60."""
    sizes = {source.path: code_lines(source, source.tree) for source in sources(root)}
    counted = [size for size in sizes.values() if size]
    found = [f"{path}:1: {size} code lines, at most {FILE_CAP}" for path, size in sizes.items() if size > FILE_CAP]
    return found + _shares("file", counted, FILE_MEDIAN, FILE_P90)


def function_sizes(root: Path) -> list[str]:
    """Functions: at most 50 code lines, nine of ten at most 25, half of them at most 8."""
    sized = [(s, node, code_lines(s, node)) for s in sources(root) for node in functions(s.tree)]
    found = [
        s.at(node, f"{node.name}: {size} code lines, at most {FUNCTION_CAP}")
        for s, node, size in sized
        if size > FUNCTION_CAP
    ]
    return found + _shares("function", [size for _, _, size in sized], FUNCTION_MEDIAN, FUNCTION_P90)


def _shares(what: str, sizes: list[int], half: int, nine_tenths: int) -> list[str]:
    middle, high = (median(sizes), percentile(sizes, 0.9)) if sizes else (0, 0)
    found = [f"src:1: {what} median is {middle} lines, at most {half}"] if middle > half else []
    return found + ([f"src:1: {what} p90 is {high} lines, at most {nine_tenths}"] if high > nine_tenths else [])
