"""Each rule sees what breaks it: one violation is planted in a copy of the tree and looked for."""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.arch.rules import exceptions, files, imports, names, ports, sizes, sql, texts
from tests.arch.rules.catalogue import RULES, Rule

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("src", "contracts", "migrations", "tests/contract", "tests/integration", "docs")
LONG = "def long() -> None:\n    '''Long.'''\n" + "    print()\n" * 60


class Mutation(NamedTuple):
    """A text to add to a file, or to put in place of another, and what the rule must say about it."""

    rule: Rule
    path: str
    text: str
    said: str
    instead_of: str | None = None


USE_CASE = """
@dataclass(frozen=True, slots=True)
class Planted:
    '''Planted.'''
    async def __call__(self, item: int) -> None:
        '''Planted.'''
"""
BIG_USE_CASE = """
@dataclass(frozen=True)
class Planted:
    '''Planted.'''
    a: int; b: int; c: int; d: int; e: int; f: int; g: int
    def __call__(self, actor: Actor) -> None:
        '''Planted.'''
"""
PORT = """
class Planted(Protocol):
    '''Planted.'''
    def run(self) -> None:
        '''Planted.'''
"""
QUACKS = """
class Planted:
    '''Planted.'''
    def now(self) -> datetime:
        '''Planted.'''
"""
RAISED = """
class Planted(SotyError):
    '''Planted.'''
    code = "elsewhere.planted"
"""
CORE = "src/core/inventory/planted.py"
USE = "src/core/inventory/usecases/planted.py"
STORE = "src/adapters/postgres/planted.py"
COUNT = "src/core/inventory/usecases/take_stock.py"
FULL = ":raises StocktakeFull:"
DECISIONS = "src/entrypoints/http/inventory/decisions.py"
OPS_PAGE = "src/entrypoints/http/ops/templates/ops.html"
RUSSIAN = "src/entrypoints/shared/texts/ru.po"
ZERO = 'msgctxt "field"\nmsgid "zero"'
OWN = "src/core/inventory/domain/movement.py"

MUTATIONS = (
    Mutation(imports.core_imports, CORE, "import requests", "core may not import requests"),
    Mutation(imports.core_imports, CORE, "from os import environ", "core may not import os"),
    Mutation(imports.core_imports, CORE, "def f() -> None:\n    import socket", "core may not import socket"),
    Mutation(imports.absolute_imports, CORE, "from .api import StockView", "import by full name"),
    Mutation(imports.absolute_imports, CORE, "from core.inventory.api import *", "import by full name"),
    Mutation(imports.dynamic_imports, CORE, "importlib.import_module('core')", "import_module hides an import"),
    Mutation(imports.dynamic_imports, STORE, "__import__('core')", "__import__ hides an import"),
    Mutation(imports.dynamic_imports, STORE, "exec('import core')", "exec hides an import"),
    Mutation(imports.late_imports, STORE, "x = Late('PIL.Image')", "PIL.Image may not be loaded late here"),
    Mutation(
        imports.late_imports, "src/adapters/storage/files.py", "x = Late(str())", "a name made at run time may not"
    ),
    Mutation(imports.hidden_imports, CORE, "from typing import TYPE_CHECKING", "TYPE_CHECKING hides circles"),
    Mutation(imports.hidden_imports, STORE, "def f():\n    import json", "an import inside a function hides circles"),
    Mutation(
        imports.empty_packages, "src/core/inventory/__init__.py", "import core.kernel.ids", "imports core.kernel.ids"
    ),
    Mutation(
        imports.settings_are_leaves, "src/adapters/postgres/settings.py", "import asyncpg", "may not import asyncpg"
    ),
    Mutation(imports.homes, STORE, "import requests", "requests has no home"),
    Mutation(imports.declared_uses, CORE, "from core.identity.api import AccountId", "imports ['identity']"),
    Mutation(imports.circles, "src/core/kernel/errors.py", "import core.kernel.wire", "circle core.kernel."),
    Mutation(imports.lists_in_config, "src/core/planted/__init__.py", "", "anatomy containers"),
    Mutation(imports.lists_in_config, "src/entrypoints/planted/__init__.py", "", "entrypoints layers"),
    Mutation(imports.lists_in_config, "src/planted/__init__.py", "", "root packages"),
    Mutation(names.weak_names, "src/core/inventory/utils.py", "'''Planted.'''", "the file name utils says nothing"),
    Mutation(names.weak_names, CORE, "class StockService: ...", "the name StockService says nothing"),
    Mutation(names.weak_names, CORE, "def common() -> None: ...", "the name common says nothing"),
    Mutation(names.use_cases, USE, USE_CASE, "Planted.__call__ does not take `actor: Actor` first"),
    Mutation(names.use_cases, USE, BIG_USE_CASE, "Planted is not @dataclass(frozen=True, slots=True)"),
    Mutation(names.use_cases, USE, BIG_USE_CASE, "Planted needs 7 ports"),
    Mutation(names.use_cases, USE, BIG_USE_CASE, "Planted.__call__ is not async"),
    Mutation(names.manifests_are_complete, USE, USE_CASE, "use_cases differ from what is defined: ['Planted']"),
    Mutation(names.manifests_are_complete, CORE, RAISED, "errors differ from what is defined: ['Planted']"),
    Mutation(
        names.manifests_are_complete, "src/core/inventory/events.py", "class Planted(Fact): ...", "facts differ from"
    ),
    Mutation(names.error_codes, CORE, RAISED, "the code elsewhere.planted does not begin with inventory"),
    Mutation(
        names.error_codes, CORE, RAISED.replace("elsewhere.planted", "inventory.insufficient_stock"), "belongs to"
    ),
    Mutation(
        names.raised_errors, STORE, "import asyncpg\nraise asyncpg.PostgresError('x')", "an error of asyncpg is raised"
    ),
    Mutation(
        names.raised_errors,
        CORE,
        "from http.client import HTTPException\nraise HTTPException",
        "an error of http.client",
    ),
    Mutation(names.docstrings, CORE, "x = 1", "the file has no docstring"),
    Mutation(names.docstrings, CORE, "def planted() -> None: ...", "planted has no docstring"),
    Mutation(names.docstrings, CORE, "class Planted:\n    def run(self) -> None: ...", "Planted.run has no docstring"),
    Mutation(names.unfinished, CORE, "x = 1  # " + "TODO: finish", "finish it or file it"),
    Mutation(names.clock_only, CORE, "x = datetime.now(UTC)", "datetime.now goes around Clock or Ids"),
    Mutation(names.clock_only, STORE, "x = uuid4()", "uuid4 goes around Clock or Ids"),
    Mutation(ports.abstract_methods, CORE, PORT, "Planted.run is not @abstractmethod"),
    Mutation(
        ports.small_ports, CORE, PORT + "".join(f"    def m{n}(self): ...\n" for n in range(6)), "Planted has 7 methods"
    ),
    Mutation(ports.explicit_adapters, "src/adapters/memory/planted.py", QUACKS, "Planted does what Clock asks"),
    Mutation(ports.contract_suites, CORE, PORT, "Planted has no suite in contracts/ports"),
    Mutation(
        ports.contract_suites,
        "src/adapters/planted/clock.py",
        QUACKS.replace("class Planted", "class Planted(Clock)"),
        "Planted is not bound to the suite of Clock in tests/contract/planted",
    ),
    Mutation(sql.sql_words, STORE, "x = 'SELECT now()'", "time comes from the Clock port"),
    Mutation(sql.sql_words, STORE, "x = text('... DEFAULT CURRENT_TIMESTAMP')", "time comes from the Clock port"),
    Mutation(sql.sql_words, STORE, "x = func.now()", "time comes from the Clock port"),
    Mutation(sql.sql_words, STORE, "x = 'LISTEN facts'", "the pool keeps no session state"),
    Mutation(sql.sql_words, STORE, "x = 'SET statement_timeout = 1'", "the pool keeps no session state"),
    Mutation(sql.sql_words, STORE, "x = \"SELECT set_config('jit', 'off', false)\"", "the pool keeps no session state"),
    Mutation(sql.sql_words, STORE, "x = 'SELECT pg_advisory_lock(1)'", "the pool keeps no session state"),
    Mutation(sql.sql_words, STORE, "x = func.pg_try_advisory_lock(1)", "the pool keeps no session state"),
    Mutation(sql.sql_words, STORE, "x = c.add_listener('facts', f)", "the pool keeps no session state"),
    Mutation(
        sql.own_schema,
        "src/adapters/postgres/tables.py",
        "planted = Table('x', metadata, Column('y', ForeignKey('kernel.audit.id')), schema='inventory')",
        "a foreign key leaves the schema inventory",
    ),
    Mutation(
        sql.own_schema, "migrations/kernel/planted.py", "x = 'DROP TABLE inventory.stock'", "name the schema inventory"
    ),
    Mutation(sizes.file_sizes, CORE, "x = 1\n" * 351, "351 code lines, at most 350"),
    Mutation(sizes.function_sizes, CORE, LONG, "long: 61 code lines, at most 50"),
    Mutation(sizes.function_sizes, CORE, LONG * 600, "function p90 is"),
    Mutation(exceptions.declared, CORE, RAISED, "module.py:1: Planted is not in the errors of the manifest"),
    Mutation(exceptions.declared, COUNT, "", "StocktakeFull is not in the docstring", FULL),
    Mutation(
        exceptions.declared, DECISIONS, "", "inventory.not_under_way is not in the errors", '"inventory.not_under_way"'
    ),
    Mutation(texts.catalogues, CORE, RAISED, "title of elsewhere.planted: missing"),
    Mutation(texts.catalogues, CORE, "x = {'field': '/x', 'code': 'planted', 'params': {}}", "planted: missing"),
    Mutation(texts.catalogues, STORE, "x = page_text(language, 'planted')", "page of planted: missing"),
    Mutation(texts.catalogues, OPS_PAGE, '{{ t("planted") }}', "page of planted: missing"),
    Mutation(texts.catalogues, RUSSIAN, "{wrong}", "its parameters are not those of en: permission", "{permission}"),
    Mutation(texts.catalogues, RUSSIAN, "{max} {no}", "its plural forms name different parameters", "{max} строк;"),
    Mutation(texts.catalogues, RUSSIAN, "", "title of http.not_found: empty", "Не найдено"),
    Mutation(texts.catalogues, RUSSIAN, 'msgid "planted"', "field of planted: nothing in the code", 'msgid "zero"'),
    Mutation(texts.catalogues, RUSSIAN, '#, fuzzy\nmsgctxt "field"\nmsgid "zero"', "zero: marked fuzzy", ZERO),
    Mutation(texts.catalogues, RUSSIAN, "Отказ!", "ru.mo is not what it compiles to", "Отказано"),
    Mutation(texts.catalogues, RUSSIAN, "Не {найдено}", "a title names no parameters", "Не найдено"),
    Mutation(files.machine_places, "docs/planted.md", "see /" + "root/soty", "is of one machine"),
    Mutation(files.machine_places, "docs/planted.md", "use --index-url", "is of one machine"),
    Mutation(files.machine_places, "docs/planted.md", "ask 10.20.30.40", "is of one machine"),
    Mutation(files.links, "docs/planted.md", "[x](nowhere.md)", "nowhere.md leads nowhere"),
    Mutation(files.links, "docs/planted.md", "# A b\n\n[x](#a-b) [y](#c)", "#c names no heading"),
    Mutation(files.wide_lines, "docs/planted.md", "word " * 33, "165 columns"),
    Mutation(files.console_scripts, "pyproject.toml", ":nothing", "does not load", instead_of=":main"),
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree that every mutation changes in one file and then mends."""
    root = tmp_path_factory.mktemp("copy")
    for folder in COPIED:
        if (ROOT / folder).is_dir():
            shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("importlinter.ini", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    return root


@pytest.fixture(scope="module")
def known(copy: Path) -> Callable[[Rule], frozenset[str]]:
    """What a rule says of the copy while nothing is planted; it is asked once."""
    return cache(lambda rule: frozenset(rule(copy)))


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: f"{m.rule.__name__}: {m.said}")
def test_planted_violation_is_seen(copy: Path, known: Callable[[Rule], frozenset[str]], mutation: Mutation) -> None:
    file = copy / mutation.path
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.parent.mkdir(parents=True, exist_ok=True)
    added = f"{before or ''}\n{mutation.text}\n"
    changed = added if mutation.instead_of is None else (before or "").replace(mutation.instead_of, mutation.text)
    before_it = known(mutation.rule)
    try:
        file.write_text(changed, encoding="utf-8")
        seen = set(mutation.rule(copy)) - before_it
        assert any(mutation.said in line for line in seen), seen
    finally:
        file.unlink(missing_ok=True)
        if before is not None:
            file.write_text(before, encoding="utf-8")
        elif not any(file.parent.iterdir()):
            file.parent.rmdir()


def test_every_rule_has_a_planted_violation() -> None:
    assert {mutation.rule for mutation in MUTATIONS} == set(RULES)


def test_table_of_another_module_is_seen(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"src/core/{name}").mkdir(parents=True)
        (tmp_path / f"src/core/{name}/__init__.py").touch()
    adapter = tmp_path / "src/adapters/postgres"
    adapter.mkdir(parents=True)
    (adapter / "tables.py").write_text("a = Table('a', schema='one')\nb = Table('b', schema='two')\n")
    (adapter / "good.py").write_text("from core.one.api import X\nfrom adapters.postgres.tables import a\n")
    assert not sql.own_schema(tmp_path)
    (adapter / "joined.py").write_text("from core.one.api import X\nfrom adapters.postgres.tables import b\n")
    (adapter / "written.py").write_text("from core.one.api import X\nx = 'SELECT * FROM two.b'\n")
    assert [line.partition(":")[0] for line in sql.own_schema(tmp_path)] == [
        "src/adapters/postgres/joined.py",
        "src/adapters/postgres/written.py",
    ]
