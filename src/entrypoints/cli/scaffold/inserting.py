"""One more line in the lists of the house; ruff puts it in order afterwards."""

import ast
from collections.abc import Callable

Edit = Callable[[str], str]


def importing(line: str) -> Edit:
    """An edit that adds an import behind the last one; one that is there stays alone."""

    def edit(text: str) -> str:
        body = ast.parse(text).body
        imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
        return text if line in text.splitlines() else _behind(text, (imports or body)[-1].end_lineno or 0, line)

    return edit


def listing(name: str, item: str) -> Edit:
    """An edit that adds an item to the tuple or list of a constant, or of an argument of the manifest, once."""

    def edit(text: str) -> str:
        tree = ast.parse(text)
        found = _items(tree, name)
        if found is None:
            return _behind(text, (_manifest(tree).end_lineno or 0) - 1, f"    {name}=({item},),")
        is_there = item in {ast.get_source_segment(text, each) for each in found.elts}
        return text if is_there else _after(text, found, item)

    return edit


def giving(line: str, cls: str) -> Edit:
    """An edit that adds a line behind the last attribute of a class."""

    def edit(text: str) -> str:
        found = next(node for node in ast.parse(text).body if isinstance(node, ast.ClassDef) and node.name == cls)
        last = max(node.end_lineno or 0 for node in found.body if isinstance(node, ast.Assign | ast.AnnAssign))
        return _behind(text, last, f"    {line}")

    return edit


def before(mark: str, added: str) -> Edit:
    """An edit that adds text before lines that are there."""

    def edit(text: str) -> str:
        head, found, tail = text.partition(f"\n{mark}\n")
        assert found, mark
        return f"{head}\n{added}{mark}\n{tail}"

    return edit


def appending(added: str) -> Edit:
    """An edit that adds text at the end."""
    return lambda text: text + added


def _behind(text: str, number: int, line: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:number], f"{line}\n", *lines[number:]])


def _after(text: str, found: ast.Tuple | ast.List, item: str) -> str:
    last = found.elts[-1]
    lines = text.splitlines(keepends=True)
    line, column = lines[(last.end_lineno or 0) - 1].encode(), last.end_col_offset or 0
    head, tail = line[:column].decode(), line[column:].decode()
    tail = tail.replace(",)", ")", 1) if tail.startswith(",)") else tail
    lines[(last.end_lineno or 0) - 1] = f"{head}, {item}{tail}"
    return "".join(lines)


def _manifest(tree: ast.Module) -> ast.Call:
    calls = (node.value for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call))
    return next(call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Module")


def _items(tree: ast.Module, name: str) -> ast.Tuple | ast.List | None:
    for node in ast.walk(tree):
        value = getattr(node, "value", None)
        if _name_of(node) == name and isinstance(value, ast.Tuple | ast.List) and value.elts:
            return value
    return None


def _name_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.keyword):
        return node.arg
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    return target.id if isinstance(target, ast.Name) else None
