"""Where the figures come from."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

from benchmarks.processes import CPUS, PINNED, ROOT

PACKAGES = (
    "aiokafka", "asyncpg", "confluent-kafka", "dishka", "fastapi", "hiredis", "httptools", "litestar", "msgspec",
    "pydantic", "redis", "sqlalchemy", "starlette", "uvicorn", "uvloop",
)  # fmt: skip


class Machine(msgspec.Struct, frozen=True):
    """What a reader must know to compare figures."""

    at: datetime
    commit: str
    python: str
    kernel: str
    cpu: str
    cpus: int
    pinned: bool
    load: float
    packages: dict[str, str]
    postgres: dict[str, str]


def machine(postgres: dict[str, str]) -> Machine:
    """Describe this machine.

    :param postgres: settings of the server.
    """
    return Machine(
        at=datetime.now(UTC),
        commit=_commit(),
        python=platform.python_version(),
        kernel=platform.release(),
        cpu=_cpu(),
        cpus=len(CPUS) or os.cpu_count() or 1,
        pinned=PINNED,
        load=os.getloadavg()[0],
        packages={name: version(name) for name in PACKAGES},
        postgres=postgres,
    )


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return told.stdout.strip() or "unknown"


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
