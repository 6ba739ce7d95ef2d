"""The list of all rules."""

from collections.abc import Callable
from pathlib import Path

from tests.arch.rules import exceptions, files, imports, names, ports, sizes, sql, texts

Rule = Callable[[Path], list[str]]

RULES: tuple[Rule, ...] = (
    imports.core_imports,
    imports.absolute_imports,
    imports.dynamic_imports,
    imports.late_imports,
    imports.hidden_imports,
    imports.empty_packages,
    imports.settings_are_leaves,
    imports.homes,
    imports.declared_uses,
    imports.circles,
    imports.lists_in_config,
    names.weak_names,
    names.use_cases,
    names.manifests_are_complete,
    names.error_codes,
    names.raised_errors,
    names.docstrings,
    names.unfinished,
    names.clock_only,
    ports.abstract_methods,
    ports.small_ports,
    ports.explicit_adapters,
    ports.contract_suites,
    sql.sql_words,
    sql.own_schema,
    sizes.file_sizes,
    sizes.function_sizes,
    exceptions.declared,
    texts.catalogues,
    files.machine_places,
    files.links,
    files.wide_lines,
    files.console_scripts,
)
