"""One more line in the lists of the house; ruff puts it in order afterwards."""

import ast
from collections.abc import Callable

Edit = Callable[[str], str]


def importing(line: str) -> Edit:
    """An edit that adds an import behind the last one; one that is there stays alone."""

    def edit(text: str) -> str:
        last = max(
            node.end_lineno or 0 for node in ast.parse(text).body if isinstance(node, ast.Import | ast.ImportFrom)
        )
        return text if line in text.splitlines() else _behind(text, last, line)

    return edit


def listing(name: str, item: str) -> Edit:
    """An edit that adds an item to the tuple of a constant, or of an argument of the only call that takes it."""

    def edit(text: str) -> str:
        node = _tuple(ast.parse(text), name)
        last = node.elts[-1]
        lines = text.splitlines(keepends=True)
        line = lines[(last.end_lineno or 0) - 1].encode()
        head, tail = line[: last.end_col_offset].decode(), line[last.end_col_offset or 0 :].decode()
        tail = tail.replace(",)", ")", 1) if tail.startswith(",)") else tail
        lines[(last.end_lineno or 0) - 1] = f"{head}, {item}{tail}"
        return "".join(lines)

    return edit


def giving(line: str, cls: str) -> Edit:
    """An edit that adds a line behind the last attribute of a class."""

    def edit(text: str) -> str:
        found = next(node for node in ast.parse(text).body if isinstance(node, ast.ClassDef) and node.name == cls)
        last = max(node.end_lineno or 0 for node in found.body if isinstance(node, ast.Assign | ast.AnnAssign))
        return _behind(text, last, f"    {line}")

    return edit


def before(mark: str, added: str) -> Edit:
    """An edit that adds text before a line."""

    def edit(text: str) -> str:
        head, found, tail = text.partition(f"\n{mark}\n")
        assert found, mark
        return f"{head}\n{added}{found[1:]}{tail}" if head.endswith("\n") else f"{head}\n{added}{found}{tail}"

    return edit


def appending(added: str) -> Edit:
    """An edit that adds text at the end."""
    return lambda text: text + added


def _behind(text: str, number: int, line: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:number], f"{line}\n", *lines[number:]])


def _tuple(tree: ast.Module, name: str) -> ast.Tuple:
    for node in ast.walk(tree):
        value = getattr(node, "value", None)
        if _name_of(node) == name and isinstance(value, ast.Tuple) and value.elts:
            return value
    raise LookupError(name)


def _name_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.keyword):
        return node.arg
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    return target.id if isinstance(target, ast.Name) else None
