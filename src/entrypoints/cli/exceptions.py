"""`soty exceptions`: which errors are raised where, and whether that is declared."""

import ast
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from entrypoints.cli.options import json_option
from entrypoints.cli.raised import ErrorClass, Sources, Undeclared, argument, operations
from entrypoints.cli.scaffold.inserting import importing, listing
from entrypoints.cli.steps import PYTHON
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.settings import ROOT

BY_HAND = "say in the docstring of the use case when: `:raises Name: when.`"
FIX = "./soty exceptions fix"


class Reported(msgspec.Struct, frozen=True):
    """One error: who raises it and who says so."""

    code: str
    error: str
    use_cases: list[str]
    operations: list[str]


@click.group()
def exceptions() -> None:
    """Errors with a code: raised by use cases, declared by manifests, docstrings and operations."""


@exceptions.command(name="report")
@json_option
def tell(as_json: bool) -> None:
    """List every error, the use cases that raise it and the operations that declare it."""
    found = list(_reported(Sources()))
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    for each in found:
        click.echo(f"{each.code}   {each.error}")
        for what, names in (("raised by", each.use_cases), ("declared at", each.operations)):
            click.echo("".join(f"    {what:<12} {name}\n" for name in names), nl=False)


@exceptions.command()
def check() -> int:
    """Fail on errors that are raised and not declared."""
    found = Sources().undeclared()
    if found:
        raise FaultError([Fault(str(each), fix=BY_HAND if each.kind == "docstring" else FIX) for each in found])
    click.echo("every error is declared where it is raised")
    return Exit.OK


@exceptions.command()
def fix() -> int:
    """Add what manifests and operations do not declare; docstrings need words, and are named."""
    left = declare(Sources(), ROOT)
    for each in left:
        click.echo(f"{each}: {BY_HAND}")
    return Exit.FAILED if left else Exit.OK


def declare(sources: Sources, root: Path) -> list[Undeclared]:
    """Add declarations to the files of a tree, and put their imports in order.

    :returns: what a person has to write.
    """
    by_file = defaultdict[str, list[Undeclared]](list)
    for each in sources.undeclared():
        if each.kind != "docstring":
            by_file[each.path].append(each)
    for path, undeclared in by_file.items():
        text = (root / path).read_text(encoding="utf-8")
        for each in sorted(undeclared, key=lambda each: -each.line):
            text = (
                _in_manifest(text, sources.errors[each.item]) if each.kind == "manifest" else _in_operation(text, each)
            )
        (root / path).write_text(text, encoding="utf-8")
    for words in (["check", "--quiet", "--select", "I", "--fix"], ["format", "--quiet"]) if by_file else ():
        subprocess.run([PYTHON, "-m", "ruff", *words, *(root / path for path in by_file)], check=True)
    return [each for each in sources.undeclared() if each.kind == "docstring"]


def _in_manifest(text: str, error: ErrorClass) -> str:
    module = error.path.removeprefix("src/").removesuffix(".py").replace("/", ".")
    return listing("errors", error.name)(importing(f"from {module} import {error.name}")(text))


def _in_operation(text: str, undeclared: Undeclared) -> str:
    call = next(call for call in operations(ast.parse(text)) if call.lineno == undeclared.line)
    declared, added = argument(call, "errors"), f'"{undeclared.item}"'
    if declared is None:
        return _put(text, call.keywords[-1].value, f", errors=({added},)", instead=False)
    items = declared.elts if isinstance(declared, ast.Tuple) else [ast.Starred(declared)]
    had = [ast.unparse(item) for item in items]
    return _put(text, declared, f"({', '.join([*had, added])}{'' if had else ','})", instead=True)


def _put(text: str, node: ast.expr, new: str, *, instead: bool) -> str:
    """Write behind an expression, or instead of it."""
    lines = text.splitlines(keepends=True)
    starts = [sum(len(line.encode()) for line in lines[:number]) for number in range(len(lines))]
    end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
    start = starts[node.lineno - 1] + node.col_offset if instead else end
    raw = text.encode()
    return (raw[:start] + new.encode() + raw[end:]).decode()


def _reported(sources: Sources) -> Iterator[Reported]:
    for error in sorted(sources.errors.values(), key=lambda error: error.code):
        raising = [
            case.name.removesuffix(".__call__") for case in sources.use_cases.values() if error.name in case.declared
        ]
        declaring = [f"{route.path}:{route.line}" for route in sources.routes if error.code in route.codes]
        yield Reported(error.code, error.name, sorted(raising), declaring)
