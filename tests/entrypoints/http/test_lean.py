"""What a process that serves HTTP does not load before it is needed; each of these takes megabytes."""

import subprocess
import sys

import pytest

LARGE = ("PIL.Image", "obstore", "alembic", "aiogram", "aiokafka", "confluent_kafka", "taskiq", "babel", "jwt")
_LOADED = "import sys, {}; print(*(name for name in {} if name in sys.modules))"


@pytest.mark.parametrize("program,loaded", [("entrypoints.http.main", []), ("adapters.postgres.migrate", ["alembic"])])
def test_large_libraries_wait_until_they_are_needed(program: str, loaded: list[str]) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _LOADED.format(program, LARGE)], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == loaded
