"""Units of work of any module in memory: a draft that is kept on a clean exit and dropped on an error."""

import asyncio
from abc import abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from adapters.memory import requests
from adapters.memory.audit import MemoryAuditLog
from adapters.memory.outbox import MemoryOutbox, finish_within
from adapters.memory.store import MemoryStore, Tables
from core.kernel.audit import AuditLog
from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.ids import Ids
from core.kernel.outbox import Delivery, Subscriptions
from core.kernel.requests import RequestKey
from core.kernel.work import FactListener, OpenWork, Work


class Draft(Work):
    """What units of work of every module have: a draft of all tables, and the facts to tell once it is kept."""

    def __init__(self, tables: Tables, wanted: frozenset[type[Fact]], request: RequestKey | None, clock: Clock) -> None:
        self.audit: AuditLog = MemoryAuditLog(tables)
        self.wanted = wanted
        self.facts: list[Fact] = []
        self._tables = tables
        self._request = request
        self._clock = clock

    def publish(self, *facts: Fact) -> None:
        """Keep the wanted facts for the commit and after it."""
        self.facts += [fact for fact in facts if type(fact) in self.wanted]

    async def answer(self, result: object) -> None:
        """Keep the answer of the request in the draft."""
        if self._request is not None:
            requests.keep(self._tables, self._request, result, self._clock)


@asynccontextmanager
async def drafted(store: MemoryStore, delivery: Delivery | None, request: RequestKey | None) -> AsyncIterator[Tables]:
    """A draft of all tables, as soon as no other is open; committed on a clean exit.

    :raises RuntimeError: this task has one open.
    """
    task = asyncio.current_task()
    if store.writer is not None and store.writer is task:
        raise RuntimeError("a unit of work is open already in this task")
    with requests.alone(store, request):
        async with store.writing:
            store.writer = task
            try:
                draft = store.committed.draft()
                if delivery is not None:
                    finish_within(store, draft, delivery)
                if request is not None:
                    requests.refuse_repeat(draft, request)
                yield draft
                draft.commit()
            finally:
                store.writer = None


D = TypeVar("D", bound=Draft)


@dataclass(frozen=True, slots=True)
class OpenDraft(OpenWork[D]):
    """Opens units of work one after another, so that their results are those of some order of them.

    A module says in ``_begin`` which repositories its unit of work has.
    """

    store: MemoryStore
    listener: FactListener
    subscriptions: Subscriptions
    clock: Clock
    ids: Ids

    @abstractmethod
    def _begin(self, tables: Tables, wanted: frozenset[type[Fact]], request: RequestKey | None) -> D:
        """A unit of work over a draft."""

    @asynccontextmanager
    async def __call__(self, delivery: Delivery | None = None, request: RequestKey | None = None) -> AsyncIterator[D]:
        """Open a unit of work as soon as no other is open.

        :raises RuntimeError: this task has one open.
        """
        async with drafted(self.store, delivery, request) as draft:
            work = self._begin(draft, self.listener.wanted | self.subscriptions.wanted, request)
            yield work
            MemoryOutbox(self.store, self.subscriptions, self.clock, self.ids).add(draft, work.facts)
        if work.facts:
            self.store.ring()
        if heard := [fact for fact in work.facts if type(fact) in self.listener.wanted]:
            self.listener.hear(heard)
