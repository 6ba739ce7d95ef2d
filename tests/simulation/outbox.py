"""Writers and relays that die: every committed fact reaches every subscriber, in order, effects once."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from adapters.faults.lanes import FaultyLanes, FaultySubscriber
from adapters.faults.work import FaultyWork
from adapters.memory.cache import NoCache
from adapters.memory.facts import MemoryListener
from adapters.memory.ids import SeededIds
from adapters.memory.outbox import MemoryBell, MemoryLanes, MemoryOutboxReader
from adapters.memory.store import MemoryStore
from adapters.memory.unit_of_work import OpenMemoryWork
from core.inventory.api import AdjustmentReason
from core.inventory.events import StockAdjusted
from core.inventory.ports import InventoryWork
from core.inventory.usecases.adjust_stock import AdjustStock
from core.kernel.actor import system_actor
from core.kernel.audit import AuditEntry
from core.kernel.errors import Unavailable
from core.kernel.outbox import Delivery, Subscriptions
from core.kernel.relay import ReactionSubscriber, Relay, Subscriber, Taken
from core.kernel.work import OpenWork
from tests.simulation.chance import Chance
from tests.simulation.history import Wrong
from tests.simulation.loop import SimClock, SimLoop
from tests.simulation.workload import world

ACTOR = system_actor("simulation")
EFFECTS, OUTLET = "effects", "outlet"
SUBSCRIPTIONS = Subscriptions({StockAdjusted: (EFFECTS, OUTLET)})
STOCKS, POISON = 5, 666
PATIENCE = 1200.0

RATES = {
    "work.open:fail": 0.05,
    "work.open:delay": 0.3,
    "work.commit.before:fail": 0.05,
    "work.commit.before:contend": 0.1,
    "work.commit.before:delay": 0.3,
    "work.commit.after:fail": 0.1,
    "work.commit.after:delay": 0.2,
    "lanes.claim.before:fail": 0.03,
    "lanes.claim.after:fail": 0.03,
    "lanes.next.after:delay": 0.2,
    "lanes.next.after:fail": 0.03,
    "lanes.finish.before:fail": 0.05,
    "lanes.finish.after:fail": 0.05,
    "lanes.fail.after:fail": 0.1,
    "lanes.release.before:fail": 0.05,
    "subscriber.take.before:fail": 0.05,
    "subscriber.take.after:fail": 0.1,
    "subscriber.take.before:delay": 0.2,
    "hang": 0.02,
    "crash": 0.2,
}
MUST = (*RATES, "poison", "taken twice by the outlet", "behind poison")


@dataclass(frozen=True)
class Mirror:
    """A reaction: an entry of the audit trail for each fact, unless the fact is poison."""

    work: OpenWork[InventoryWork]
    ids: SeededIds
    once: bool = True

    async def __call__(self, delivery: Delivery) -> None:
        """Take the delivery and leave the effect in one transaction."""
        async with self.work(delivery if self.once else None) as work:
            fact = delivery.fact(StockAdjusted)
            if fact.delta == POISON:
                raise ZeroDivisionError("poison")
            entry = AuditEntry(
                id=self.ids.new(),
                at=delivery.occurred_at,
                actor=EFFECTS,
                action="simulation.mirror",
                object_id=EFFECTS,
                details={"key": delivery.key, "fact": str(fact.adjustment_id)},
            )
            await work.audit.record([entry])


@dataclass
class Outlet(Subscriber):
    """Something outside that keeps what it was given, however often."""

    taken: list[StockAdjusted] = field(default_factory=list)

    async def take(self, batch: Sequence[Delivery]) -> Taken:
        """Keep all."""
        self.taken += [delivery.fact(StockAdjusted) for delivery in batch]
        return Taken(done=batch)


@dataclass
class OutboxRun:
    """One run; ``mirror`` makes the reaction, so that a bug can be planted there."""

    loop: SimLoop
    chance: Chance
    mirror: Callable[[OpenWork[InventoryWork], SeededIds], Mirror] = Mirror

    def __post_init__(self) -> None:
        self.rng, self.world = self.loop.rng, world()
        self.store, self.clock = MemoryStore(), SimClock(self.loop)
        self.ids, self.listener = SeededIds(self.rng.getrandbits(32)), MemoryListener((StockAdjusted,))
        self.plain = OpenMemoryWork(self.store, self.listener, SUBSCRIPTIONS, self.clock, self.ids)
        self.work: OpenWork[InventoryWork] = FaultyWork(self.plain, self.chance)
        self.lanes = FaultyLanes(MemoryLanes(self.store, self.clock), self.chance)
        self.outlet = Outlet()

    async def run(self) -> None:
        """Write and relay while parts fail, then without faults until nothing waits.

        :raises Wrong: a promise was broken.
        """
        random.seed(self.rng.getrandbits(32))
        relays = [asyncio.create_task(self._process()) for _ in range(3)]
        writers = [asyncio.create_task(self._writer(n)) for n in range(3)]
        while not all(writer.done() for writer in writers):
            await asyncio.sleep(self.rng.uniform(0.05, 0.5))
            if self.chance.happens("crash"):
                relays.pop(self.rng.randrange(3)).cancel()
                relays.append(asyncio.create_task(self._process()))
        self.chance.healed = True
        self.chance.note("healed")
        await self._rest()
        await self._check()

    async def _process(self) -> None:
        """What a process of relays does until it dies."""
        mirror = self.mirror(self.work, self.ids)
        subscribers: dict[str, Subscriber] = {EFFECTS: ReactionSubscriber(mirror, self.clock), OUTLET: self.outlet}
        relays = [
            Relay(name, FaultySubscriber(it, self.chance), self.lanes, self.clock) for name, it in subscribers.items()
        ]
        bell = MemoryBell(self.store)
        while True:
            taken = 0
            for relay in relays:
                try:
                    taken += await relay.work()
                except Unavailable:
                    await asyncio.sleep(self.rng.uniform(0.1, 0.5))
            if self.chance.happens("hang"):
                await asyncio.sleep(45)
            if not taken:
                await bell.wait(1)

    async def _writer(self, number: int) -> None:
        adjust = AdjustStock(self.work, self.clock, self.ids, NoCache())
        for _ in range(6):
            stock = self.rng.randint(1, STOCKS)
            delta = POISON if self.rng.random() < 0.06 else self.rng.randint(1, 9)
            try:
                await adjust(
                    ACTOR,
                    warehouse_id=self.world.warehouse(stock),
                    product_id=self.world.product(1),
                    delta=delta,
                    reason=AdjustmentReason.COUNT,
                    note=f"writer {number}",
                )
            except Unavailable:
                self.chance.note("a writer does not know")
            await asyncio.sleep(self.rng.uniform(0, 0.6))

    async def _rest(self) -> None:
        until = self.loop.time() + PATIENCE
        while any(each.pending for each in await MemoryOutboxReader(self.store).backlog()):
            if self.loop.time() > until:
                raise Wrong(f"deliveries wait {PATIENCE:.0f} s after the last fault")
            await asyncio.sleep(5)

    async def _check(self) -> None:
        committed: dict[str, list[StockAdjusted]] = defaultdict(list)
        for fact in self.listener.heard:
            assert isinstance(fact, StockAdjusted)
            committed[fact.key()].append(fact)
        dead = self._check_effects(committed)
        self._check_outlet(committed)
        backlog = {each.subscriber: (each.dead, each.held) for each in await MemoryOutboxReader(self.store).backlog()}
        if backlog != ({EFFECTS: dead} if dead[0] else {}):
            raise Wrong(f"left are {backlog}, {dead} are dead and held")

    def _check_effects(self, committed: dict[str, list[StockAdjusted]]) -> tuple[int, int]:
        done: dict[str, list[str]] = defaultdict(list)
        for entry in sorted(self.store.committed.audit.values(), key=lambda entry: entry.id):
            if entry.actor == EFFECTS:
                done[entry.details["key"]].append(entry.details["fact"])
        dead = held = 0
        for key in sorted(committed.keys() | done.keys()):
            facts = committed.get(key, [])
            poison = next((n for n, fact in enumerate(facts) if fact.delta == POISON), None)
            wanted = [str(fact.adjustment_id) for fact in facts[:poison]]
            if done.get(key, []) != wanted:
                raise Wrong(f"effects of {key}: {done.get(key)} instead of {wanted}")
            if poison is not None:
                dead, held = dead + 1, held + len(facts) - poison - 1
                self.chance.sometimes("poison")
                if held:
                    self.chance.sometimes("behind poison")
        return dead, held

    def _check_outlet(self, committed: dict[str, list[StockAdjusted]]) -> None:
        first: dict[str, dict[StockAdjusted, None]] = defaultdict(dict)
        for fact in self.outlet.taken:
            if fact in first[fact.key()]:
                self.chance.sometimes("taken twice by the outlet")
            first[fact.key()][fact] = None
        for key in sorted(committed.keys() | first.keys()):
            if list(first[key]) != committed.get(key, []):
                raise Wrong(f"the outlet was told {list(first[key])} of {key}, committed are {committed.get(key)}")
