"""import-linter keeps the borders of the house, and each contract sees its violation."""

import shutil
from pathlib import Path

import pytest

from tests.arch.borders import CONFIG, contracts, lint

ROOT = Path(__file__).resolve().parents[2]

VIOLATIONS = {
    "layers": ("src/adapters/memory/provider.py", "import entrypoints.shared.modules"),
    "anatomy": ("src/core/inventory/domain/movement.py", "import core.inventory.ports"),
    "modules": ("src/core/planted/module.py", "import core.inventory.ports"),
    "acyclic": ("src/core/kernel/errors.py", "import core.kernel.wire"),
    "kernel": ("src/core/kernel/clock.py", "import core.inventory.api"),
    "entrypoints-domain": ("src/entrypoints/shared/wiring.py", "import core.inventory.domain.movement"),
    "passive-adapters": ("src/adapters/postgres/provider.py", "import core.inventory.usecases.record_messages"),
    "adapters": ("src/adapters/postgres/tables.py", "import adapters.memory.tables"),
    "entrypoints": ("src/entrypoints/http/container.py", "import entrypoints.consumer.container"),
    "containers": ("src/entrypoints/http/errors.py", "import adapters.postgres.tables"),
    "pure-core": ("src/core/inventory/events.py", "import asyncpg"),
    "home-postgres": ("src/adapters/memory/store.py", "import sqlalchemy.orm"),
    "home-kafka": ("src/adapters/postgres/errors.py", "import aiokafka"),
    "home-redis": ("src/adapters/memory/cache.py", "import redis"),
    "home-http": ("src/entrypoints/consumer/container.py", "import litestar"),
    "home-templates": ("src/entrypoints/shared/texts.py", "import jinja2"),
    "home-forms": ("src/entrypoints/cli/main.py", "import multipart"),
    "home-processes": ("src/adapters/system/provider.py", "import prometheus_client"),
    "home-cli": ("src/entrypoints/shared/modules.py", "import click"),
    "home-texts": ("src/entrypoints/shared/modules.py", "import babel"),
    "home-security": ("src/adapters/system/ids.py", "import cryptography"),
    "home-mail": ("src/adapters/system/clock.py", "import aiosmtplib"),
    "home-dishka": ("src/adapters/kafka/settings.py", "import dishka"),
}
"""By the id of a contract: a file and the line that breaks it."""


def test_tree_keeps_all_borders() -> None:
    verdicts, printed = lint(ROOT)
    assert set(verdicts) == set(contracts(ROOT)), printed
    assert set(verdicts.values()) == {"KEPT"}, printed


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], str]:
    """Verdicts on a copy of the tree in which each contract is violated once."""
    root = tmp_path_factory.mktemp("planted")
    shutil.copytree(ROOT / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / CONFIG, root)
    (root / "src/core/planted").mkdir()
    (root / "src/core/planted/__init__.py").touch()
    for path, line in VIOLATIONS.values():
        file = root / path
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text(f"{text}\n{line}\n", encoding="utf-8")
    return lint(root)


@pytest.mark.parametrize("name", VIOLATIONS)
def test_planted_violation_is_seen(planted: tuple[dict[str, str], str], name: str) -> None:
    path, line = VIOLATIONS[name]
    verdicts, printed = planted
    config = (ROOT / CONFIG).read_text(encoding="utf-8")
    title = config.partition(f"[importlinter:contract:{name}]\nname = ")[2].partition("\n")[0]
    assert verdicts.get(title) == "BROKEN", printed
    module = path.removeprefix("src/").removesuffix(".py").replace("/", ".")
    assert f"{module} -> {line.removeprefix('import ').split('.orm')[0]}" in printed or name == "acyclic", printed


def test_every_contract_has_a_planted_violation() -> None:
    config = (ROOT / CONFIG).read_text(encoding="utf-8")
    ids = {line.split(":")[2].rstrip("]") for line in config.splitlines() if line.startswith("[importlinter:contract:")}
    assert ids == set(VIOLATIONS)
