"""The catalogues of texts: which codes the code has, what is said of them, and the compiled files."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from msgspec import Struct

from entrypoints.shared.fault import Fault, FaultError
from entrypoints.shared.settings import ROOT
from entrypoints.shared.texts import DEFAULT, DETAIL, FIELD, LANGUAGES, LETTER, PAGE, TITLE, placeholders

FOLDER = "src/entrypoints/shared/texts"
COMPILE = "./soty i18n compile"
EXTRACT = "./soty i18n extract"

Key = tuple[str, str]
"""A context and a code."""

_ASKED = re.compile(r'\bt\("([^"]+)"')
"""How a template asks for a text of a page."""


class Finding(Struct, frozen=True):
    """What is wrong with a text, and what mends it."""

    language: str
    context: str
    code: str
    wrong: str
    fix: str = f"write it in the .po file, then {COMPILE}"

    def __str__(self) -> str:
        what = f"{self.context} of {self.code}: " if self.code else ""
        return f"{FOLDER}/{self.language}.po: {what}{self.wrong}"


def codes(root: Path = ROOT) -> set[Key]:
    """Every text that the code asks for.

    :param root: of the tree whose sources are read, not run.
    """
    templates = (root / "src").rglob("templates/*.html")
    asked = {(PAGE, code) for path in templates for code in _ASKED.findall(path.read_text(encoding="utf-8"))}
    return asked | _in_letters(root) | {key for path in (root / "src").rglob("*.py") for key in _codes_in(path)}


def _in_letters(root: Path) -> set[Key]:
    """What templates of letters ask for, and a subject for each letter of a module."""
    letters = (root / "src/core").glob("*/letters/*.txt")
    subjects = {(LETTER, f"{path.parts[-3]}.{path.stem}.subject") for path in letters}
    templates = (path for kind in ("txt", "html") for path in (root / "src").rglob(f"letters/*.{kind}"))
    return subjects | {(LETTER, code) for path in templates for code in _ASKED.findall(path.read_text("utf-8"))}


def findings(root: Path = ROOT) -> list[Finding]:
    """Texts that are missing, unsure, not used, with other parameters than in English, or not compiled.

    :param root: of the tree to look at.
    """
    wanted = codes(root)
    catalogues = {language: read(language, root) for language in LANGUAGES}
    default = _texts(catalogues[DEFAULT])
    return [
        finding
        for language, catalogue in catalogues.items()
        for finding in (*_compare(language, _texts(catalogue), wanted, default), *_stale(language, catalogue, root))
    ]


def extract(root: Path = ROOT) -> list[str]:
    """Bring the sources of the catalogues in line with the code: new codes get empty texts, unused ones go.

    :param root: of the tree to change.
    :returns: a line for each change.
    """
    wanted, changes = codes(root), list[str]()
    for language in LANGUAGES:
        catalogue = read(language, root)
        had = _texts(catalogue).keys()
        for context, code in sorted(wanted - had):
            catalogue.add(code, context=context)
            changes.append(f"{language}: {context} of {code} is new, write it")
        for context, code in sorted(had - wanted):
            catalogue.delete(code, context)
            changes.append(f"{language}: {context} of {code} is gone")
        write(language, catalogue, root)
    return changes


def add_texts(language: str, texts: Mapping[Key, str], root: Path = ROOT) -> None:
    """Write texts into the catalogue of a language, and compile it.

    :param texts: by context (``title``, ``detail``, ``field``, ``page``) and code.
    :param root: of the tree to change.
    """
    catalogue = read(language, root)
    for (context, code), text in texts.items():
        catalogue.delete(code, context)
        catalogue.add(code, text, context=context)
    write(language, catalogue, root)
    _compiled_file(language, root).write_bytes(compiled(catalogue))


def compile_all(root: Path = ROOT) -> list[Path]:
    """Write what the program reads at start.

    :param root: of the tree to change.
    :returns: the files that changed.
    """
    changed = []
    for language in LANGUAGES:
        file, content = _compiled_file(language, root), compiled(read(language, root))
        if not file.exists() or file.read_bytes() != content:
            file.write_bytes(content)
            changed.append(file)
    return changed


def compiled(catalogue: Catalog) -> bytes:
    """The binary form of a catalogue, the same at every call."""
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def read(language: str, root: Path = ROOT) -> Catalog:
    """Read the source of a catalogue.

    :param root: of the tree.
    :raises FaultError: it is no catalogue.
    """
    name = f"{FOLDER}/{language}.po"
    with (root / name).open("rb") as file:
        try:
            return read_po(file, locale=language, abort_invalid=True)
        except PoFileError as error:
            where = f"{name}:{error.lineno + 1}: {error.line}"
            raise FaultError([Fault(f"{name} cannot be read", where, "mend the line that is named")]) from error


def write(language: str, catalogue: Catalog, root: Path = ROOT) -> None:
    """Write the source of a catalogue, sorted by code.

    :param root: of the tree.
    """
    file = BytesIO()
    write_po(file, catalogue, width=0, sort_output=True, ignore_obsolete=True)
    (root / FOLDER / f"{language}.po").write_bytes(file.getvalue().rstrip(b"\n") + b"\n")


def _compiled_file(language: str, root: Path) -> Path:
    return root / FOLDER / f"{language}.mo"


def _texts(catalogue: Catalog) -> dict[Key, Message]:
    return {(message.context or "", _code(message)): message for message in catalogue if message.id}


def _code(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string or "",) if isinstance(message.string, str | None) else tuple(message.string)


def _stale(language: str, catalogue: Catalog, root: Path) -> Iterator[Finding]:
    file = _compiled_file(language, root)
    if not file.exists() or file.read_bytes() != compiled(catalogue):
        yield Finding(language, "", "", f"{file.name} is not what it compiles to", COMPILE)


def _compare(
    language: str, texts: Mapping[Key, Message], wanted: set[Key], default: Mapping[Key, Message]
) -> Iterator[Finding]:
    for context, code in sorted(wanted | texts.keys()):
        message = texts.get((context, code))
        if message is None:
            yield Finding(language, context, code, "missing", EXTRACT)
        elif (context, code) not in wanted:
            yield Finding(language, context, code, "nothing in the code asks for it", EXTRACT)
        elif wrong := _wrong(context, message, default.get((context, code))):
            yield Finding(language, context, code, wrong)


def _wrong(context: str, message: Message, default: Message | None) -> str:
    forms = _forms(message)
    if not all(forms):
        return "empty"
    if message.fuzzy:
        return "marked fuzzy"
    named = [list(placeholders(form)) for form in forms]
    if any(names[:1] != named[0][:1] or set(names) != set(named[0]) for names in named):
        return "its plural forms name different parameters, or another one first"
    if bool(named[0]) < message.pluralizable:
        return "plural forms, and no parameter that they follow"
    return _other_parameters(context, set(named[0]), default)


def _other_parameters(context: str, named: set[str], default: Message | None) -> str:
    if context == TITLE and named:
        return "a title names no parameters"
    wanted = {name for form in _forms(default) for name in placeholders(form)} if default else set()
    if default and named != wanted:
        return f"its parameters are not those of {DEFAULT}: {', '.join(sorted(wanted)) or 'none'}"
    return ""


def _codes_in(path: Path) -> Iterator[Key]:
    with path.open("rb") as file:
        for _, code, _, context in babel_extract(_extracted, file, {"pgettext": ((1, "c"), 2)}):
            yield str(context), str(code)


def _extracted(file: Any, keywords: object, comment_tags: object, options: object) -> Iterator[Any]:
    """The codes in a Python file, as Babel wants them from a method of extraction."""
    tree = ast.parse(file.read())
    makers = dict(_makers(tree)) | {"page_text": (PAGE, 1)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for code in _error_codes(node):
                yield node.lineno, "pgettext", (TITLE, code), []
                yield node.lineno, "pgettext", (DETAIL, code), []
        elif isinstance(node, ast.Dict):
            for code in _strings(_field_code(node)):
                yield node.lineno, "pgettext", (FIELD, code), []
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers:
            context, place = makers[node.func.id]
            for code in _strings(node.args[place] if len(node.args) > place else None):
                yield node.lineno, "pgettext", (context, code), []


def _error_codes(cls: ast.ClassDef) -> Iterator[str]:
    """The code that a class of errors sets: ``module.reason``."""
    for node in cls.body:
        targets: list[Any] = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "code" for target in targets):
            yield from (code for code in _strings(getattr(node, "value", None)) if "." in code)


def _makers(tree: ast.Module) -> Iterator[tuple[str, tuple[str, int]]]:
    """Functions that make the error of a field, with the place of the parameter for its code."""
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            names = [argument.arg for argument in function.args.args]
            for node in ast.walk(function):
                code = _field_code(node)
                if isinstance(code, ast.Name) and code.id in names:
                    yield function.name, (FIELD, names.index(code.id))


def _field_code(node: ast.AST) -> ast.expr | None:
    """The value of ``code`` in the error of a field: ``{"field": ..., "code": ..., "params": ...}``."""
    if not isinstance(node, ast.Dict):
        return None
    keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
    return node.values[keys.index("code")] if keys == ["field", "code", "params"] else None


def _strings(node: ast.expr | None) -> Iterable[str]:
    """The strings that an expression may be: itself, or both sides of a condition."""
    if isinstance(node, ast.IfExp):
        return [*_strings(node.body), *_strings(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
