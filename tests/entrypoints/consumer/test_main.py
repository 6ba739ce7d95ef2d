"""The life of the process around its loop, without servers."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator

import httpx
import pytest
from dishka import Provider, Scope, decorate

from adapters.kafka.settings import KafkaSettings
from adapters.postgres.settings import PostgresSettings
from core.inventory.ports import InventoryWork
from core.kernel.errors import Unavailable
from core.kernel.secret import Secret
from core.kernel.work import OpenWork
from entrypoints.consumer.container import build
from entrypoints.consumer.main import run
from entrypoints.consumer.parts import Parts
from entrypoints.shared.listening import listen, port_of
from entrypoints.shared.settings import AppSettings, Profile, Settings
from tests.support.eventually import eventually

NOWHERE = KafkaSettings(bootstrap="127.0.0.1:1")


ON_MEMORY = Settings(app=AppSettings(profile="memory"), kafka=NOWHERE)


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with listen("127.0.0.1", 0) as found:
        yield found


@pytest.fixture
def port(listening: socket.socket) -> int:
    return port_of(listening)


def asking(port: int, path: str, status: int) -> Callable[[], Awaitable[bool]]:
    async def asked() -> bool:
        try:
            async with httpx.AsyncClient() as client:
                return (await client.get(f"http://127.0.0.1:{port}{path}")).status_code == status
        except httpx.TransportError:
            return False

    return asked


class Away(Provider):
    """A store that is away until the test lets it come."""

    scope = Scope.APP

    def __init__(self) -> None:
        super().__init__()
        self.tries = 0
        self.back = False

    @decorate
    def work(self, inner: OpenWork[InventoryWork]) -> OpenWork[InventoryWork]:
        self.tries += 1
        if not self.back:
            raise Unavailable(part="store")
        return inner


@pytest.mark.parametrize("profile", ["dev", "test", "memory", "prod"])
async def test_its_container_is_complete(profile: Profile) -> None:
    postgres = PostgresSettings(url=Secret("postgresql://127.0.0.1:1/none"))
    container = build(Settings(app=AppSettings(profile=profile), kafka=NOWHERE, postgres=postgres))
    try:
        if profile == "memory":
            assert (await container.get(Parts)).intake.name == "intake"
        else:
            with pytest.raises(Unavailable):
                await container.get(Parts)
    finally:
        await container.close()


async def test_is_live_and_not_ready_and_stops_at_once_without_a_broker(listening: socket.socket, port: int) -> None:
    stop, said = asyncio.Event(), list[str]()
    running = asyncio.create_task(run(ON_MEMORY, listening, stop, said.append))
    await eventually(asking(port, "/health/live", 200))
    await eventually(asking(port, "/health/ready", 503))
    stop.set()
    async with asyncio.timeout(1):
        await running
    assert said == []


async def test_waits_for_a_store_that_is_away_at_the_start(listening: socket.socket, port: int) -> None:
    stop, away = asyncio.Event(), Away()
    running = asyncio.create_task(run(ON_MEMORY, listening, stop, lambda _: None, [away]))
    await eventually(lambda: away.tries == 2)
    assert await asking(port, "/health/live", 200)()
    assert await asking(port, "/health/ready", 503)()
    away.back = True
    await eventually(lambda: away.tries == 3)
    stop.set()
    await running


async def test_a_stop_ends_the_wait_for_the_store(listening: socket.socket, port: int) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(run(ON_MEMORY, listening, stop, lambda _: None, [Away()]))
    await eventually(asking(port, "/health/ready", 503))
    stop.set()
    async with asyncio.timeout(1):
        await running
