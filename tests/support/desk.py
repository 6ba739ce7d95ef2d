"""The use cases of operations over memory, with relays that fail when they are told to."""

from collections.abc import Sequence

from adapters.memory.audit import MemoryAuditReader
from adapters.memory.clock import FakeClock
from adapters.memory.deliveries import MemoryDeliveryReader, MemoryFactReader
from adapters.memory.facts import MemoryListener
from adapters.memory.ids import SeededIds
from adapters.memory.operations_work import OpenMemoryOperations
from adapters.memory.outbox import MemoryLanes, MemoryOutboxReader
from adapters.memory.processes import MemoryProcessReader
from adapters.memory.store import MemoryStore
from adapters.memory.unit_of_work import OpenMemoryWork
from contracts.ports.lanes import SUBSCRIPTIONS, fact
from core.inventory.events import StockAdjusted
from core.kernel.actor import Actor, ActorKind
from core.kernel.audit import AuditEntry
from core.kernel.errors import Unavailable
from core.kernel.outbox import Delivery
from core.kernel.relay import Relay, Subscriber, Taken
from core.operations.permissions import ALL
from core.operations.usecases.decide_deliveries import DropDeliveries, ReplayDeliveries
from core.operations.usecases.follow_facts import FollowFacts
from core.operations.usecases.read_deliveries import GetBacklog, GetDelivery, ListDeliveries
from core.operations.usecases.read_processes import ListProcesses

OPERATOR = Actor(ActorKind.SERVICE, "olga", frozenset(ALL))
LONGER_THAN_ANY_WAIT = 3600.0


class Picky(Subscriber):
    """Takes facts, but those of numbers that it is told to refuse, and none while it is away."""

    def __init__(self, *poison: int) -> None:
        """:param poison: numbers of facts."""
        self.poison = set(poison)
        self.taken: list[int] = []
        self.away = False

    async def take(self, batch: Sequence[Delivery]) -> Taken:
        """Take what is not refused; of a key that failed nothing.

        :raises Unavailable: it is away.
        """
        if self.away:
            raise Unavailable(part="subscriber")
        done, failed = list[Delivery](), dict[str, tuple[Delivery, Exception]]()
        for delivery in batch:
            if delivery.key in failed:
                continue
            number = delivery.fact(StockAdjusted).delta
            if number in self.poison:
                failed[delivery.key] = delivery, ValueError(f"no {number}")
            else:
                self.taken.append(number)
                done.append(delivery)
        return Taken(done, list(failed.values()))


class Desk:
    """Facts go to the subscribers ``one`` and ``two``; ``subscriber`` is what ``one`` is."""

    def __init__(self) -> None:
        self.store, self.clock, ids = MemoryStore(), FakeClock(), SeededIds()
        self.subscriber = Picky()
        self.open_work = OpenMemoryWork(self.store, MemoryListener(()), SUBSCRIPTIONS, self.clock, ids)
        self.lanes = MemoryLanes(self.store, self.clock)
        self.relay = Relay("one", self.subscriber, self.lanes, self.clock)
        work, reader = OpenMemoryOperations(self.store, self.clock), MemoryDeliveryReader(self.store)
        self.replay, self.drop = ReplayDeliveries(work, self.clock, ids), DropDeliveries(work, self.clock, ids)
        self.list, self.get = ListDeliveries(reader), GetDelivery(reader)
        self.backlog = GetBacklog(MemoryOutboxReader(self.store))
        self.processes = ListProcesses(MemoryProcessReader("tests", self.clock.now()))
        self.follow = FollowFacts(MemoryFactReader(self.store), self.clock)

    async def publish(self, *numbers: tuple[int, int]) -> None:
        """Commit facts, each of a stock and with a number."""
        async with self.open_work() as work:
            work.publish(*(fact(stock, number) for stock, number in numbers))

    async def die(self, *numbers: int) -> list[int]:
        """Let the relay work until the facts of these numbers are dead; numbers of all dead ones in the outbox."""
        self.subscriber.poison |= set(numbers)
        while any(each.pending for each in await self.backlog(OPERATOR) if each.subscriber == "one"):
            await self.relay.work()
            self.clock.advance(LONGER_THAN_ANY_WAIT)
        dead = (await self.list(OPERATOR, failed=True, limit=200)).items
        return [delivery.seq for delivery in dead if delivery.subscriber == "one"]

    async def trail(self, seq: int) -> list[AuditEntry]:
        """Who did what to a delivery of ``one``."""
        return await MemoryAuditReader(self.store).entries(f"one/{seq}")
