"""The test kit, a pytest plugin: the application as fixtures, on the adapters that ``--adapters`` names."""

from collections.abc import AsyncIterator
from typing import Any, TypeVar, cast

import httpx
import msgspec
import pytest

from adapters.memory.clock import FakeClock
from core.inventory.domain.movement import MovementEvent
from core.kernel.facts import Fact
from core.kernel.messages import MessagePublisher
from tests.support.app import App
from tests.support.events import message_of
from tests.support.http import BEARER, Client
from tests.support.stand import Stand, read_words, stand_on

F = TypeVar("F", bound=Fact)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that chooses adapters."""
    parser.addoption(
        "--adapters",
        default="memory",
        metavar="WORDS",
        help="what the fixture app stands on: memory (default), or some of postgres,redis,kafka",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse wrong words before any test runs."""
    read_words(config.getoption("--adapters"))


class Events:
    """What comes in through the log, and what the application tells."""

    def __init__(self, app: App) -> None:
        """:param app: whose events they are."""
        self._app = app

    @property
    def told(self) -> list[Fact]:
        """Facts of all units of work that were committed, in order."""
        return self._app.heard

    def of(self, kind: type[F]) -> list[F]:
        """Told facts of one kind."""
        return [fact for fact in self.told if isinstance(fact, kind)]

    async def publish(self, *messages: MovementEvent | bytes | dict[str, Any] | None) -> None:
        """Append messages to the log that the consumer reads; ``run_until_idle`` takes them.

        :param messages: an event in its whole envelope, bytes as they are, or what becomes JSON; None is a tombstone.
        """
        publisher = await self._app.get(MessagePublisher)
        topic = self._app.stand.settings.kafka.topics[0]
        for message in messages:
            self._app.look_out_for(await publisher.publish(topic, None, _bytes(message)))


def _bytes(message: MovementEvent | bytes | dict[str, Any] | None) -> bytes | None:
    if isinstance(message, MovementEvent):
        return message_of(message)
    return msgspec.json.encode(message) if isinstance(message, dict) else message


@pytest.fixture
def clock() -> FakeClock:
    """Stands still until a test moves it; every adapter goes by it."""
    return FakeClock()


@pytest.fixture
def adapters(pytestconfig: pytest.Config) -> frozenset[str]:
    """Words of ``--adapters``; a test file may have a fixture of this name with words of its own."""
    return read_words(pytestconfig.getoption("--adapters"))


@pytest.fixture
def stand(adapters: frozenset[str], request: pytest.FixtureRequest) -> Stand:
    """Those adapters over empty storage of this test alone."""
    return stand_on(adapters, request.getfixturevalue)


@pytest.fixture
async def app(stand: Stand, clock: FakeClock) -> AsyncIterator[App]:
    """The whole application."""
    app = App(stand, clock)
    yield app
    await app.close()


@pytest.fixture
async def client(app: App) -> AsyncIterator[Client]:
    """A client of the application that has the service key, without a network."""
    transport = httpx.ASGITransport(cast(Any, app))
    async with httpx.AsyncClient(transport=transport, base_url="http://soty.test", headers=BEARER) as http:
        yield Client(http)


@pytest.fixture
def events(app: App) -> Events:
    """What comes in through the log, and what the application tells."""
    return Events(app)
