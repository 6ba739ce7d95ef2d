"""Fixtures of real servers: a PostgreSQL for each test process, a database for each test module, a mock broker."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters.embedded.kafka import MockBroker
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.postgres.migrate import upgrade

TEMPLATE = "soty_template"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedPostgres]:
    """A server on a directory of its own, with a migrated template database; of the programs of SOTY_POSTGRES_BIN."""
    folder = Path(tempfile.mkdtemp(prefix="soty-tests-"))
    folder.chmod(0o755)
    programs = os.environ.get("SOTY_POSTGRES_BIN")
    server = EmbeddedPostgres(
        folder / "postgres",
        binaries=Path(programs) if programs else None,
        options={"max_connections": "200"},
        durable=False,
    )
    try:
        server.start()
        server.create_database(TEMPLATE)
        upgrade(server.url_of(TEMPLATE))
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def new_database(postgres_server: EmbeddedPostgres) -> Callable[[], str]:
    """A function that makes one more migrated, empty database and gives its address."""
    numbers = itertools.count(1)
    return lambda: postgres_server.create_database(f"test_{next(numbers)}", TEMPLATE)


@pytest.fixture(scope="module")
def postgres_url(new_database: Callable[[], str]) -> str:
    """Address of a migrated, empty database of this test module."""
    return new_database()


@pytest.fixture
def fresh_postgres_url(new_database: Callable[[], str]) -> str:
    """Address of a migrated, empty database of this test alone."""
    return new_database()


@pytest.fixture(scope="session")
def mock_kafka() -> Iterator[MockBroker]:
    """A mock broker of this test process; take a topic name of your own."""
    with MockBroker() as broker:
        yield broker
