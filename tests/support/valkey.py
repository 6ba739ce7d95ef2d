"""A Valkey for each test process."""

from collections.abc import Iterator

import pytest

from adapters.embedded.valkey import EmbeddedValkey
from adapters.redis.settings import RedisSettings
from core.kernel.secret import Secret


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[EmbeddedValkey]:
    """A server of this test process."""
    server = EmbeddedValkey()
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def valkey_url(valkey_server: EmbeddedValkey) -> str:
    """Address of the server, which tests share; take keys of your own, or flush."""
    return valkey_server.url


@pytest.fixture
def own_valkey() -> Iterator[EmbeddedValkey]:
    """A server that a test may stop."""
    server = EmbeddedValkey()
    server.start()
    try:
        yield server
    finally:
        server.stop()


def redis_settings(url: str, timeout: float = 5.0) -> RedisSettings:
    """Settings that point to a server; patient ones, for machines that are busy.

    :param timeout: of each use.
    """
    return RedisSettings(url=Secret(url), timeout=timeout)
