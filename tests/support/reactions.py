"""A reaction that notes what it was given, as a subject of the suite of subscribers."""

from adapters.memory.clock import FakeClock
from contracts.ports.subscriber import SubscriberSubject, delivery
from core.kernel.errors import Contended, Unavailable
from core.kernel.outbox import Delivery, Superseded
from core.kernel.relay import ReactionSubscriber


class Reactions(SubscriberSubject):
    """A reaction that notes what it was given."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.store_is_away = False
        self.superseded: set[int] = set()
        self.lost = 0
        self.clock = FakeClock()
        super().__init__(ReactionSubscriber(self.react, self.clock))

    async def react(self, given: Delivery) -> None:
        if self.store_is_away:
            raise Unavailable(part="store")
        if self.lost:
            self.lost -= 1
            raise Contended
        if given.seq in self.superseded:
            raise Superseded(subscriber="one", seq=given.seq)
        if given.seq in self.refused:
            raise ValueError(f"fact {given.seq} is poison")
        self.done.append(given.seq)

    async def effects(self) -> list[int]:
        return self.done

    async def away(self) -> None:
        self.store_is_away = True

    async def back(self) -> None:
        self.store_is_away = False

    async def refuse(self, seq: int) -> Delivery:
        self.refused.add(seq)
        return delivery(seq, "a")
