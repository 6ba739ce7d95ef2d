"""The consumer process of a test, on a topic and a store of its own."""

import asyncio
import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import httpx
import msgspec
from dishka import AsyncContainer, Provider, Scope, decorate, provide

from adapters.kafka.settings import KafkaSettings
from adapters.kafka.source import KafkaMessageSource
from adapters.memory.cache import MemoryCache
from adapters.memory.clock import FakeClock
from adapters.memory.store import MemoryStore
from adapters.postgres.settings import PostgresSettings
from core.inventory.api import AdjustmentReason, Door, MovementView, Origin, QuarantineView
from core.inventory.ports import InventoryWork
from core.inventory.usecases.adjust_stock import AdjustStock
from core.inventory.usecases.queries.movements import GetMovement
from core.inventory.usecases.queries.quarantine import ListQuarantine
from core.inventory.usecases.queries.stock import GetStock
from core.inventory.usecases.record_messages import Message, RecordMessages
from core.kernel.actor import system_actor
from core.kernel.cache import Cache
from core.kernel.messages import MessageSource, Record
from core.kernel.secret import Secret
from core.kernel.work import OpenWork
from entrypoints.consumer.container import build
from entrypoints.consumer.main import run
from entrypoints.shared.listening import listen
from entrypoints.shared.settings import AppSettings, Settings
from tests.support.eventually import eventually
from tests.support.faults import Faults, FaultySource, FaultyWork
from tests.support.kafka_log import KafkaLog

ACTOR = system_actor("test")
LOGICAL_TABLES = ("event", "stock", "open_half", "parked", "adjustment", "quarantine")
T = TypeVar("T")


class Store(Provider):
    """One memory store, and a cache in front of it, for all containers of a test."""

    scope = Scope.APP

    def __init__(self) -> None:
        super().__init__()
        store = MemoryStore()
        cache = MemoryCache(FakeClock())
        self.provide(lambda: store, provides=MemoryStore, override=True)
        self.provide(lambda: cache, provides=Cache, override=True)
        self.store = store


class Stumbling(Provider):
    """Faults around the ports, and a member of the group with the session of the scene's log."""

    scope = Scope.APP

    def __init__(self, scene: "Scene") -> None:
        super().__init__()
        self._scene = scene

    @provide(override=True)
    async def connection(self, settings: KafkaSettings) -> AsyncIterator[KafkaMessageSource]:
        """Leaves at the end."""
        source = KafkaMessageSource(settings, session_ms=self._scene.log.session_ms)
        yield source
        await source.close()

    @decorate
    def source(self, inner: MessageSource) -> MessageSource:
        """May forget offsets."""
        return FaultySource(inner, forgets=self._scene.forgets)

    @decorate
    def work(self, inner: OpenWork[InventoryWork]) -> OpenWork[InventoryWork]:
        """May fail."""
        return FaultyWork(inner, self._scene.faults)


@dataclass
class Scene:
    """A topic of two partitions, a store, and the consumer between them; it starts and stops as the test says."""

    log: KafkaLog
    settings: Settings
    stores: Sequence[Store]
    container: AsyncContainer
    faults: Faults = field(default_factory=Faults)
    forgets: bool = False
    url: str = ""
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    running: asyncio.Task[None] | None = None

    async def start(self, *, wait: bool = True) -> None:
        """Start the process, and wait until it says that it is ready."""
        self.url, self.stop = "", asyncio.Event()
        overrides = (*self.stores, Stumbling(self))
        listening = listen("127.0.0.1", 0)
        self.running = asyncio.create_task(run(self.settings, listening, self.stop, self._ready, overrides))
        if wait:
            await eventually(lambda: self.url or self._failed())

    async def end(self) -> None:
        """Stop it gracefully."""
        self.stop.set()
        if self.running is not None:
            await self.running

    async def forget_offsets(self) -> None:
        """Let the next start read all from the beginning, as if the group had been set back."""
        await self.log.forget()
        self.settings = msgspec.structs.replace(self.settings, kafka=self.log.settings)

    async def publish(self, value: bytes | None, key: bytes = b"k") -> Record:
        """Append to the topic."""
        return await self.log.publisher.publish(self.log.topic, key, value)

    async def stock(self, warehouse: UUID, product: UUID) -> int:
        """Pieces in a warehouse."""
        view = await (await self.container.get(GetStock))(ACTOR, warehouse, product)
        return view.quantity

    async def until_stock(self, warehouse: UUID, product: UUID, quantity: int, seconds: float = 20) -> None:
        """Wait for a stock."""

        async def reached() -> bool:
            return await self.stock(warehouse, product) == quantity

        await eventually(reached, seconds)

    async def movement(self, movement: UUID) -> MovementView:
        """Both halves of a movement."""
        return await (await self.container.get(GetMovement))(ACTOR, movement)

    async def adjust(self, warehouse: UUID, product: UUID, delta: int) -> None:
        """Set a stock right."""
        adjust = await self.container.get(AdjustStock)
        await adjust(
            ACTOR, warehouse_id=warehouse, product_id=product, delta=delta, reason=AdjustmentReason.OPENING_BALANCE
        )

    async def quarantine(self) -> list[QuarantineView]:
        """All items, oldest first, with their bytes."""
        page = await (await self.container.get(ListQuarantine))(ACTOR, state=None, limit=200)
        return page.items[::-1]

    async def until_quarantined(self, count: int) -> list[QuarantineView]:
        """Wait for so many items."""

        async def reached() -> bool:
            return len(await self.quarantine()) >= count

        await eventually(reached)
        return await self.quarantine()

    async def is_ready(self) -> bool:
        """What readiness says."""
        return (await self.get("/health/ready")).status_code == 200

    async def get(self, path: str) -> httpx.Response:
        """Ask the health server."""
        async with httpx.AsyncClient() as client:
            return await client.get(self.url + path)

    async def until_done(self) -> None:
        """Wait until the group has finished all that is in the topic."""
        await eventually(self._all_done)

    async def tables(self) -> dict[str, list[Any]]:
        """All rows that mean something; how often a quarantined message was seen is left out."""
        if self.stores:
            return _memory_tables(self.stores[0].store)
        assert self.settings.postgres.url is not None
        return await postgres_tables(self.settings.postgres.url.reveal())

    async def _all_done(self) -> bool:
        return await self.log.unfinished() == 0

    def _ready(self, url: str) -> None:
        self.url = url

    def _failed(self) -> bool:
        if self.running is not None and self.running.done():
            self.running.result()
        return False


@asynccontextmanager
async def scene_on(log: KafkaLog, postgres_url: str | None) -> AsyncIterator[Scene]:
    """A scene with an empty store.

    :param log: whose topic has two partitions; closed at the end.
    :param postgres_url: of a migrated, empty database; None for the memory adapter.
    """
    settings = Settings(
        app=AppSettings(profile="test" if postgres_url else "memory"),
        postgres=PostgresSettings(url=Secret(postgres_url) if postgres_url else None),
        kafka=log.settings,
    )
    stores = [] if postgres_url else [Store()]
    container = build(settings, *stores)
    scene = Scene(log, settings, stores, container)
    try:
        yield scene
    finally:
        await scene.end()
        await container.close()
        await log.close()


def _memory_tables(store: MemoryStore) -> dict[str, list[Any]]:
    rows = {name: list(getattr(store.committed, name).items()) for name in ("entries", "stocks", "adjustments")}
    items = [
        msgspec.structs.replace(item, times=0, last_seen=item.message.at)
        for item in store.committed.quarantine.values()
    ]
    return rows | {"quarantine": items}


async def recorded(record: RecordMessages, messages: Sequence[bytes], batch: int = 500) -> None:
    """Take messages as if they came from one partition."""
    for start in range(0, len(messages), batch):
        part = enumerate(messages[start : start + batch], start)
        await record(ACTOR, [Message(raw, Origin(Door.KAFKA, "oracle", 0, offset)) for offset, raw in part])


async def postgres_tables(url: str) -> dict[str, list[Any]]:
    """All rows that mean something, of a database."""
    connection = await asyncpg.connect(url)
    try:
        return {name: await _rows(connection, name) for name in LOGICAL_TABLES}
    finally:
        await connection.close()


async def _rows(connection: asyncpg.Connection, table: str) -> list[Any]:
    rows = [dict(row) for row in await connection.fetch(f"SELECT * FROM inventory.{table}")]
    for row in rows if table == "quarantine" else ():
        del row["times"], row["last_seen"]
    return sorted(rows, key=repr)


def bytes_of(item: QuarantineView) -> bytes | None:
    """The bytes that quarantine keeps."""
    return None if item.raw is None else base64.b64decode(item.raw)
