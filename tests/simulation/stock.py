"""Two consumers, a webhook and readers over one store, while parts fail: the stock is what the messages say."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from adapters.faults.cache import FaultyCache
from adapters.faults.messages import FaultySource
from adapters.faults.work import FaultyWork
from adapters.memory.cache import MemoryCache
from adapters.memory.ids import SeededIds
from adapters.memory.ledger import MemoryLedgerReader
from adapters.memory.movement_reader import MemoryMovementReader
from adapters.memory.quarantine_reader import MemoryQuarantineReader
from adapters.memory.stock_reader import MemoryStockReader
from adapters.memory.store import MemoryStore
from adapters.memory.unit_of_work import OpenMemoryWork
from core.inventory.api import AdjustmentReason, Reason
from core.inventory.domain.errors import InsufficientStock, MovementNotFound, NotUnderWay
from core.inventory.domain.movement import MovementEvent
from core.inventory.ports import InventoryWork, MovementFilter
from core.inventory.usecases.adjust_stock import AdjustStock
from core.inventory.usecases.cancel_movement import CancelMovement
from core.inventory.usecases.queries.movements import GetMovement
from core.inventory.usecases.queries.stock import GetStock
from core.inventory.usecases.receive_message import ReceiveMessage
from core.inventory.usecases.record_messages import RecordMessages
from core.kernel.actor import system_actor
from core.kernel.cache import Cache
from core.kernel.messages import MessageSource
from core.kernel.outbox import Subscriptions
from core.kernel.requests import AnsweredBefore, RequestInFlight, RequestKey
from core.kernel.work import FactListener, OpenWork
from entrypoints.consumer.intake import Intake
from entrypoints.consumer.metrics import IntakeMetrics
from entrypoints.shared.metrics import Metrics
from tests.simulation.chance import Chance
from tests.simulation.history import History, Pair, Wrong
from tests.simulation.log import Group, Member
from tests.simulation.loop import SimClock, SimLoop
from tests.simulation.workload import half_of, movements, short, stream, world
from tests.support.events import message_of

T = TypeVar("T")
ACTOR = system_actor("simulation")
PATIENCE = 300.0
METRICS = IntakeMetrics(Metrics())

RATES = {
    "work.open:fail": 0.05,
    "work.open:delay": 0.3,
    "work.commit.before:fail": 0.05,
    "work.commit.before:contend": 0.1,
    "work.commit.before:break": 0.02,
    "work.commit.before:delay": 0.3,
    "work.commit.after:fail": 0.1,
    "work.commit.after:delay": 0.3,
    "cache.load.after:delay": 0.2,
    "cache.forget.before:delay": 0.2,
    "source.next.before:fail": 0.03,
    "source.next.after:delay": 0.2,
    "source.done:drop": 0.1,
    "crash": 0.2,
    "rebalance": 0.15,
    "rewind": 0.05,
}
MUST = (
    *RATES,
    "crash between commit and offset",
    "batch dropped after a rebalance",
    "webhook sent again",
    "refused",
    "answered before",
    "read while it was written",
    "request in flight",
    "cancelled",
    "came after it was cancelled",
)


def same(part: T) -> T:
    """Leave a part as it is."""
    return part


@dataclass(frozen=True)
class Parts:
    """What a planted bug changes; each takes the right part and gives the broken one."""

    work: Callable[[OpenWork[InventoryWork], FactListener], OpenWork[InventoryWork]] = lambda work, _: work
    source: Callable[[MessageSource], MessageSource] = same
    record: Callable[[RecordMessages], RecordMessages] = same
    cache: Callable[[Cache], Cache] = same


@dataclass
class Consumer:
    """One process: its member of the group and its loop; a crash ends both and keeps nothing of them."""

    member: Member
    task: asyncio.Task[None]


@dataclass
class StockRun:
    """One run."""

    loop: SimLoop
    chance: Chance
    parts: Parts = field(default_factory=Parts)

    def __post_init__(self) -> None:
        self.rng, self.world, self.history = self.loop.rng, world(), History()
        self.store = MemoryStore()
        self.clock, self.ids = SimClock(self.loop), SeededIds(self.rng.getrandbits(32))
        self.cache = self.parts.cache(FaultyCache(MemoryCache(self.clock), self.chance))
        self.read_after = Counter[Pair]()
        self.group = Group(self.loop, 3)
        opened = self.parts.work(self._plain(), self.history)
        self.work = FaultyWork(opened, self.chance)
        self.consumers: list[Consumer] = []
        self.sent: dict[bytes, MovementEvent | None] = {}
        self.acknowledged: list[MovementEvent] = []
        self.refused: list[MovementEvent] = []
        self.movements = MemoryMovementReader(self.store)
        self.stocks = MemoryStockReader(self.store)

    async def run(self) -> None:
        """Everything at once, then no more faults, then all must come to rest and be right.

        :raises Wrong: a promise was broken.
        """
        random.seed(self.rng.getrandbits(32))
        for _ in range(2):
            self._start()
        through_kafka = stream(self.rng, self.world, movements(self.rng, self.world, 1, 10))
        webhook = movements(self.rng, self.world, 500, 4)
        nemesis = asyncio.create_task(self._nemesis())
        clients = [asyncio.create_task(self._client(event)) for event in webhook]
        clients += [asyncio.create_task(self._reader()) for _ in range(2)]
        clients += [asyncio.create_task(self._keeper(n)) for n in (0, 1, 1)]
        clients += [asyncio.create_task(self._cancel(n)) for n in (1, 2, 3)]
        await self._produce(through_kafka)
        await asyncio.sleep(self.rng.uniform(0, 2))
        nemesis.cancel()
        await asyncio.gather(nemesis, return_exceptions=True)
        self.chance.healed = True
        self.chance.note("healed")
        await self._rest(clients)
        await self._check()

    def _plain(self) -> OpenWork[InventoryWork]:
        return OpenMemoryWork(self.store, self.history, Subscriptions({}), self.clock, self.ids)

    def _record(self) -> RecordMessages:
        return RecordMessages(self.work, self.clock, self.ids, self.cache)

    def _start(self) -> None:
        member = Member(self.group, self.chance, self.rng.choice([1, 3, 8]))
        source = FaultySource(self.parts.source(member), self.chance)
        intake = Intake(source, self.parts.record(self._record()), self.ids, METRICS)
        self.consumers.append(Consumer(member, asyncio.create_task(intake.run(asyncio.Event()))))

    async def _produce(self, messages: Iterable[tuple[bytes, MovementEvent | None]]) -> None:
        for raw, event in messages:
            self.sent[raw] = event
            self.group.append(self.rng.randrange(3), raw)
            if self.rng.random() < 0.3:
                await asyncio.sleep(self.rng.uniform(0, 0.3))

    async def _nemesis(self) -> None:
        while True:
            await asyncio.sleep(self.rng.uniform(0.05, 0.4))
            if self.chance.happens("crash"):
                await self._crash(self.rng.randrange(2))
            if self.chance.happens("rebalance"):
                self.group.rebalance()
            if self.chance.happens("rewind"):
                self.group.rewind()

    async def _crash(self, number: int) -> None:
        consumer = self.consumers.pop(number)
        given = [self.sent[record.value or b""] for record in consumer.member.given]
        if any(event is not None and half_of(event) in self.history.applied for event in given):
            self.chance.sometimes("crash between commit and offset")
        consumer.member.leave()
        consumer.task.cancel()
        await asyncio.gather(consumer.task, return_exceptions=True)
        self._start()

    async def _client(self, event: MovementEvent) -> None:
        """A sender who repeats until it is answered, and then reads what it wrote."""
        await asyncio.sleep(self.rng.uniform(0, 2))
        raw = message_of(event)
        while True:
            try:
                await ReceiveMessage(self._record())(ACTOR, raw)
            except InsufficientStock:
                self.refused.append(event)
                self.chance.sometimes("refused")
                return
            except Exception:
                self.chance.sometimes("webhook sent again")
                await asyncio.sleep(self.rng.uniform(0.01, 0.5))
                continue
            break
        self.acknowledged.append(event)
        pair = event.warehouse_id, event.product_id
        self.read_after[pair] = max(self.read_after[pair], self.history.place.get((event.movement_id, event.half), 0))
        await self._read(pair)
        self.chance.note(f"acknowledged {short(event)}")
        view = await GetMovement(self.movements, self.cache)(ACTOR, event.movement_id)
        if (view.departed_quantity if event.half == "departure" else view.arrived_quantity) is None:
            raise Wrong(f"{short(event)} was acknowledged and cannot be read")

    async def _reader(self) -> None:
        for _ in range(25):
            await asyncio.sleep(self.rng.uniform(0, 0.2))
            await self._read((self.world.warehouse(self.rng.randint(1, 3)), self.world.product(self.rng.randint(1, 2))))

    async def _read(self, pair: Pair) -> None:
        """Read a stock through the cache: not from before the last change of it that was acknowledged."""
        first = self.read_after[pair]
        get = GetStock(self.stocks, MemoryLedgerReader(self.store), self.cache)
        quantity = (await get(ACTOR, *pair)).quantity
        if quantity not in self.history.balances[pair][first:]:
            raise Wrong(f"a stock was read as {quantity}, {self.history.balances[pair][first:]} it was since")
        if quantity != self.history.balances[pair][-1]:
            self.chance.sometimes("read while it was written")

    async def _keeper(self, number: int) -> None:
        """Somebody who adds pieces by hand and sends the request, under its key, until it is answered."""
        await asyncio.sleep(self.rng.uniform(0, 2))
        request = RequestKey(principal="keeper", route="POST /adjustments", key=str(number), digest=b"")
        while True:
            try:
                await self._adjust(number, request)
            except AnsweredBefore:
                self.chance.sometimes("answered before")
            except RequestInFlight:
                self.chance.sometimes("request in flight")
                await asyncio.sleep(self.rng.uniform(0.01, 0.5))
                continue
            except Exception:
                await asyncio.sleep(self.rng.uniform(0.01, 0.5))
                continue
            return

    async def _cancel(self, number: int) -> None:
        """Somebody who takes a movement back, if it is under way by then."""
        await asyncio.sleep(self.rng.uniform(0, 3))
        cancel = CancelMovement(self.work, self.clock, self.ids, self.cache)
        while True:
            try:
                await cancel(ACTOR, self.world.movement(number), note="")
            except (MovementNotFound, NotUnderWay):
                return
            except Exception:
                await asyncio.sleep(self.rng.uniform(0.01, 0.5))
                continue
            self.chance.sometimes("cancelled")

    async def _adjust(self, number: int, request: RequestKey) -> None:
        adjust = AdjustStock(self.work, self.clock, self.ids, self.cache)
        await adjust(
            ACTOR,
            warehouse_id=self.world.warehouse(1),
            product_id=self.world.product(1 + number % 2),
            delta=5,
            reason=AdjustmentReason.COUNT,
            note=str(number),
            request=request,
        )

    async def _rest(self, clients: list[asyncio.Task[None]]) -> None:
        until = self.loop.time() + PATIENCE
        while not (self.group.finished() and all(client.done() for client in clients)):
            if self.loop.time() > until:
                raise Wrong(f"nothing is at rest {PATIENCE:.0f} s after the last fault: {self.group.offsets}")
            await asyncio.sleep(0.5)
        for client in clients:
            client.result()

    async def _check(self) -> None:
        if self.history.wrong:
            raise Wrong(self.history.wrong)
        done = (await self.stocks.adjustments(None, None, 100, None)).items
        if sorted(each.note for each in done) != ["0", "1"]:
            raise Wrong(f"two requests for adjustments came to {len(done)}")
        await self._check_stocks()
        await self._check_events()

    async def _check_stocks(self) -> None:
        for n in range(1, 4):
            page = await self.stocks.products(self.world.warehouse(n), 100, None)
            read = {(view.warehouse_id, view.product_id): view.quantity for view in page.items}
            wanted = {pair: pieces for pair, pieces in self.history.stock.items() if pair[0] == self.world.warehouse(n)}
            if {pair: pieces for pair, pieces in read.items() if pieces} != {p: q for p, q in wanted.items() if q}:
                raise Wrong(f"warehouse {n} holds {sorted(read.values())}, its messages say {sorted(wanted.values())}")
        totals = (await self.movements.in_transit_totals(None, None, 100, None)).items
        if {(t.source_warehouse_id, t.product_id): t.quantity for t in totals} != dict(self.history.in_transit()):
            raise Wrong("what is in transit is not what left less what came")

    async def _check_events(self) -> None:
        kept = self.history.applied.keys() | self.history.parked.keys() | self.history.cancelled.keys()
        items = await MemoryQuarantineReader(self.store).items(None, None, 1000, None)
        aside = {item.text: item.reason for item in items.items}
        for raw, event in self.sent.items():
            told = half_of(event) in kept if event is not None else False
            reason = aside.get(raw.decode())
            if reason == Reason.MOVEMENT_CANCELLED:
                self.chance.sometimes("came after it was cancelled")
            if not told and reason is None:
                raise Wrong(f"{short(event) if event else raw!r} is gone")
            if told and reason not in {None, Reason.UNPROCESSABLE}:
                raise Wrong(f"{short(event) if event else raw!r} is applied and in quarantine as {reason}")
        for event in self.acknowledged:
            if half_of(event) not in kept:
                raise Wrong(f"{short(event)} was acknowledged and is gone")
        for event in self.refused:
            if half_of(event) in kept:
                raise Wrong(f"{short(event)} was refused and is applied")
        views = await self.movements.movements(MovementFilter(), 1000, None)
        halves = sum((v.departed_quantity is not None) + (v.arrived_quantity is not None) for v in views.items)
        if halves != len(kept):
            raise Wrong(f"{halves} events are kept, {len(kept)} were told")
