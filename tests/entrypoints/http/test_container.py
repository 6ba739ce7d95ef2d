"""Every container builds, and gives everything that operations act on."""

import pytest
from dishka import STRICT_VALIDATION, make_async_container

from core.kernel.auth import Authenticator
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from entrypoints.http.container import build, providers
from entrypoints.http.main import assemble
from entrypoints.http.operations import OPERATIONS
from tests.support.http import KEY, memory_settings


@pytest.mark.parametrize("profile", ["dev", "test", "memory", "prod"])
@pytest.mark.parametrize("key", [None, KEY])
def test_it_is_complete(profile: str, key: str | None) -> None:
    make_async_container(*providers(memory_settings(key, profile)), validation_settings=STRICT_VALIDATION)


async def test_what_operations_need_lives_as_long_as_the_process() -> None:
    container = build(memory_settings())
    for kind in {operation.acts_on for operation in OPERATIONS} | {Authenticator, Clock, Ids}:
        assert await container.get(kind) is await container.get(kind)
    await assemble(container)
    await container.close()
