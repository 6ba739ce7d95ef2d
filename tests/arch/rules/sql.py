"""What SQL may say."""

import ast
import re
from pathlib import Path

from entrypoints.cli.sources import Source, imports, last_name, modules, sources, strings

CLOCKS = (
    r"\bnow\s*\(\s*\)|\bcurrent_(timestamp|date|time)\b|\blocal(timestamp|time)\b"
    r"|\b(clock|statement|transaction)_timestamp\s*\(|\btimeofday\s*\("
)
SESSION = (
    r"^\s*(un)?listen\b|^\s*notify\b|^\s*set\s+(?!local\b)\w+(\s|\.)|^\s*(reset|discard)\s+\w"
    r"|\bpg_(try_)?advisory_(lock|unlock)\w*|\bset_config\s*\((?!'\w+', '\w+', true\))"
)
FORBIDDEN = {
    "time comes from the Clock port": re.compile(CLOCKS, re.IGNORECASE),
    "the pool keeps no session state": re.compile(SESSION, re.IGNORECASE | re.MULTILINE),
}
CLOCK_FUNCTIONS = {
    "now",
    "current_timestamp",
    "current_date",
    "localtimestamp",
    "clock_timestamp",
    "statement_timestamp",
}
SESSION_FUNCTIONS = {
    "pg_advisory_lock",
    "pg_try_advisory_lock",
    "pg_advisory_unlock",
    "pg_advisory_lock_shared",
    "set_config",
}


OFF_THE_POOL = frozenset({"src/adapters/postgres/migrate.py", "src/adapters/postgres/bell.py"})
READINESS = "src/adapters/postgres/server_clock.py"
"""Compares the clock of the database with ours, which takes asking it."""


def sql_words(root: Path) -> list[str]:
    """No clock of the database, no LISTEN, no SET of a session, no lock of a session, on the pool."""
    found = []
    for source in sources(root, "src/adapters/postgres"):
        if source.path in {*OFF_THE_POOL, READINESS}:
            continue
        for text in strings(source):
            found += [source.at(text, why) for why, rule in FORBIDDEN.items() if rule.search(str(text.value))]
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and last_name(node.value) == "func":
                found += [source.at(node, "time comes from the Clock port")] if node.attr in CLOCK_FUNCTIONS else []
                found += [source.at(node, "the pool keeps no session state")] if node.attr in SESSION_FUNCTIONS else []
            elif isinstance(node, ast.Attribute) and node.attr in {"add_listener", "set_builtin_type_codec"}:
                found.append(source.at(node, "the pool keeps no session state"))
    return found


def own_schema(root: Path) -> list[str]:
    """A file that serves one module names no table of another; the kernel's schema is for all."""
    names = set(modules(root))
    schemas = {table: schema for s in sources(root, "src/adapters/postgres") for table, schema in _tables(s).items()}
    found = []
    for source in sources(root, "src/adapters/postgres"):
        serves = {item.module.split(".")[1] for item in imports(source.tree) if item.module.startswith("core.")} & names
        used = {schemas[item.name] for item in imports(source.tree) if item.name in schemas} & names
        used |= {schema for text in strings(source) for schema in _schemas_in(str(text.value), names)}
        if not _tables(source) and (len(used) > 1 or (serves and used - serves)):
            found.append(f"{source.path}:1: serves {sorted(serves)} and names tables of {sorted(used)}")
    return found + _foreign_migrations(root, names) + _foreign_keys(root)


def _tables(source: Source) -> dict[str, str]:
    """Schema by variable of the tables that a file defines."""
    return {
        target.id: str(word.value.value)
        for node in source.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name)
        for word in node.value.keywords
        if word.arg == "schema" and isinstance(word.value, ast.Constant)
    }


def _schemas_in(text: str, names: set[str]) -> set[str]:
    """Module schemas that SQL in a text names; error codes such as `inventory.not_found` stand alone and are no SQL."""
    return {name for name in names if re.search(rf"\s\"?{name}\"?\.\w", text)}


def _foreign_migrations(root: Path, names: set[str]) -> list[str]:
    return [
        source.at(text, f"the migrations of {name} name the schema {other}")
        for name in sorted(names | {"kernel"})
        for source in sources(root, f"migrations/{name}")
        for text in strings(source)
        for other in sorted(names | {"kernel"})
        if other != name and (text.value == other or re.search(rf"(?:^|[\s\"(]){other}\"?\.\"?\w", str(text.value)))
    ]


def _foreign_keys(root: Path) -> list[str]:
    """No foreign key crosses a schema."""
    found = []
    for source in sources(root, "src/adapters/postgres"):
        for table in (n for n in ast.walk(source.tree) if isinstance(n, ast.Call) and last_name(n.func) == "Table"):
            schema = next(
                (str(k.value.value) for k in table.keywords if k.arg == "schema" and isinstance(k.value, ast.Constant)),
                "",
            )
            for key in (n for n in ast.walk(table) if isinstance(n, ast.Call) and last_name(n.func) == "ForeignKey"):
                target = key.args[0].value if key.args and isinstance(key.args[0], ast.Constant) else ""
                if not str(target).startswith(f"{schema}."):
                    found.append(source.at(key, f"a foreign key leaves the schema {schema}"))
    return found
