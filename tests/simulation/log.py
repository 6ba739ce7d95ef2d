"""A partitioned log with a consumer group whose members come and go."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence

from core.kernel.messages import MessageSource, Record
from tests.simulation.chance import Chance
from tests.simulation.loop import SimLoop

POLL = 0.05


class Group:
    """Partitions of one topic, the offsets of one group, and which member owns what since which generation."""

    def __init__(self, loop: SimLoop, partitions: int) -> None:
        self._loop = loop
        self.records: list[list[bytes | None]] = [[] for _ in range(partitions)]
        self.offsets = [0] * partitions
        self.owners: dict[int, Member] = {}
        self.members: list[Member] = []
        self.generation = 0

    def append(self, partition: int, value: bytes | None) -> None:
        """Keep one message."""
        self.records[partition].append(value)

    def rebalance(self) -> None:
        """Deal the partitions out anew; who had some has to read again from the offsets."""
        self.generation += 1
        self.owners = {}
        for partition in range(len(self.records)):
            if self.members:
                self.owners[partition] = self._loop.rng.choice(self.members)

    def rewind(self) -> None:
        """Lose some offsets."""
        self.offsets = [self._loop.rng.randint(0, offset) for offset in self.offsets]
        self.rebalance()

    def finished(self) -> bool:
        """Whether all that was appended is done."""
        return self.offsets == [len(records) for records in self.records]


class Member(MessageSource):
    """One consumer; what it was given counts until the next rebalance."""

    def __init__(self, group: Group, chance: Chance, limit: int = 5) -> None:
        """:param limit: messages of a batch at most."""
        self._group = group
        self._chance = chance
        self._limit = limit
        self.given: Sequence[Record] = ()
        self._generation = -1
        self._at: dict[int, int] = defaultdict(int)
        group.members.append(self)
        group.rebalance()

    async def next_batch(self) -> Sequence[Record]:
        """What waits in the partitions of this member."""
        await asyncio.sleep(0)
        if self._generation != self._group.generation:
            self._generation = self._group.generation
            self._at = {p: self._group.offsets[p] for p, owner in self._group.owners.items() if owner is self}
        batch = [
            Record("movements", partition, offset, self._group.records[partition][offset])
            for partition, start in self._at.items()
            for offset in range(start, min(len(self._group.records[partition]), start + self._limit))
        ]
        self.given = batch
        if not batch:
            await asyncio.sleep(POLL)
        return batch

    def holds(self, batch: Sequence[Record]) -> bool:
        """Until the next rebalance."""
        held = batch is self.given and self._generation == self._group.generation
        if not held:
            self._chance.sometimes("batch dropped after a rebalance")
        return held

    async def done(self, batch: Sequence[Record]) -> None:
        """Move the offsets, if they are still this member's to move."""
        await asyncio.sleep(0)
        if batch is not self.given or self._generation != self._group.generation:
            return
        for record in batch:
            self._at[record.partition] = record.offset + 1
            self._group.offsets[record.partition] = record.offset + 1
        self.given = ()

    def lag(self) -> Mapping[str, int]:
        """Nobody asks."""
        return {}

    def leave(self) -> None:
        """Die, as the group sees it."""
        self._group.members.remove(self)
        self._generation = -1
        self.given = ()
        self._group.rebalance()
