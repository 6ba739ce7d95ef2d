"""One run over inventory: load, harm, healing, rest, judgement."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Protocol

import httpx
import msgspec

from tests.chaos.checkers import History, violations
from tests.chaos.evidence import collected
from tests.chaos.journal import Journal, Line, Told
from tests.chaos.load import ADJUST, READ, WEBHOOK, HttpLoad, KafkaLoad
from tests.chaos.nemesis import Nemesis, Pace
from tests.chaos.outcome import Outcome
from tests.chaos.plan import plan_of
from tests.chaos.processes import BEARER
from tests.chaos.published import delivered, published
from tests.chaos.rest import quiescent
from tests.chaos.stage import FACTS, PARTITIONS, TOPIC, Size, Stage, staged
from tests.chaos.watch import Watch, answered_late

REST_SECONDS = 60.0


class Wish(msgspec.Struct, frozen=True):
    """What to run."""

    seed: int = 1
    events: int = 100_000
    rate: float = 2000.0
    minutes: float = 3.0
    size: Size = Size()
    rest_seconds: float = REST_SECONDS
    pace: Pace = Pace()
    posts: int | None = None
    readers: int = 1


class Trouble(Protocol):
    """What happens to a stage during a run; ``done`` counts it, ``died`` names processes that ended by themselves."""

    done: Counter[str]
    died: list[str]

    def wanted(self) -> set[str]:
        """Kinds of harm without which a run proves nothing."""

    async def run(self, stop: asyncio.Event) -> None:
        """Do harm until told to stop."""

    def heal(self) -> None:
        """Undo all of it."""

    def judged(self, lines: Sequence[Line]) -> tuple[list[str], Mapping[str, float]]:
        """What else was violated by what clients were told, and figures."""


def run(
    wish: Wish,
    journal_path: Path,
    say: Callable[[str], None],
    trouble: Callable[[Stage, Journal], Trouble] | None = None,
) -> Outcome:
    """Run once.

    :param journal_path: where clients keep what they were told.
    :param say: told of each step.
    :param trouble: makes what happens meanwhile; everything that can fail by turns, if nothing is said.
    """
    journal = Journal(journal_path)
    try:
        with staged(wish.size, journal_path.with_suffix(".logs")) as stage:
            made = trouble(stage, journal) if trouble else Nemesis(stage, Random(wish.seed), wish.pace)
            return asyncio.run(_Run(wish, stage, journal, say, made).whole())
    finally:
        journal.close()


class _Run:
    """One run on its stage."""

    def __init__(
        self, wish: Wish, stage: Stage, journal: Journal, say: Callable[[str], None], trouble: Trouble
    ) -> None:
        self._wish, self._stage, self._journal, self._say = wish, stage, journal, say
        self._plan = plan_of(wish.seed, wish.events, wish.posts, datetime.now(UTC).replace(microsecond=0))
        self._kafka = KafkaLoad(stage.inside, wish.rate)
        self._http = HttpLoad([part.url for part in stage.of("http")], journal, Random(wish.seed), readers=wish.readers)
        self._trouble = trouble
        self._watch = Watch(stage.parts)
        self._figures: dict[str, float] = {}
        self._healed = 0.0

    async def whole(self) -> Outcome:
        """All of it."""
        await self._begin()
        await self._storm()
        late = await self._settle()
        self._figures["answered_after_6_seconds"] = await answered_late(self._stage.of("http"))
        found = await collected(self._stage.url)
        found.negative += self._watch.negative + self._http.negative
        if self._stage.of("scheduler"):
            found.outbox = await delivered(self._stage.url)
            found.facts = await published(self._stage.inside, FACTS, PARTITIONS)
            self._figures["facts"] = len(found.facts)
            self._figures["facts_repeated"] = len(found.facts) - len({fact.id for fact in found.facts})
        history = History(
            self._plan, self._journal.by_key(WEBHOOK), self._journal.by_key(ADJUST), self._kafka.poison, found
        )
        self._count(len(found.applied))
        others, figures = self._trouble.judged(self._journal.lines)
        self._figures |= figures
        return Outcome(
            self._wish,
            late + others + violations(history),
            sorted(kind for kind in self._trouble.wanted() if not self._trouble.done[kind]),
            dict(sorted(self._trouble.done.items())),
            self._figures,
            self._trouble.died,
        )

    async def _begin(self) -> None:
        if self._stage.cluster is not None:
            for topic in (TOPIC, FACTS):
                await self._stage.cluster.create_topic(topic, PARTITIONS)
        self._say(f"{len(self._plan.events)} events in {len(self._plan.sendings)} messages; starting processes")
        for part in self._stage.parts:
            part.start()
        async with httpx.AsyncClient(headers=BEARER) as client:
            await asyncio.gather(*(part.until_ready(client) for part in self._stage.parts))
        await self._http.open(self._plan)

    async def _storm(self) -> None:
        started = time.monotonic()
        seconds = max(self._wish.minutes * 60, len(self._plan.sendings) / self._wish.rate)
        self._say(f"load and harm for {seconds:.0f} s or more")
        stop, polled = asyncio.Event(), asyncio.Event()
        harm = asyncio.create_task(self._trouble.run(stop))
        http = asyncio.create_task(self._http.run(self._plan, stop, seconds))
        poll = asyncio.create_task(self._watch.run(self._stage.url, polled))
        try:
            await asyncio.gather(self._kafka.run(self._plan.sendings), asyncio.sleep(seconds))
        finally:
            stop.set()
            await harm
            await asyncio.to_thread(self._trouble.heal)
            self._healed = time.monotonic()
            await http
            polled.set()
            await poll
        self._figures["storm_seconds"] = time.monotonic() - started

    async def _settle(self) -> list[str]:
        self._say("healed; waiting for rest")
        late: list[str] = []
        seconds = self._wish.rest_seconds - (time.monotonic() - self._healed)
        try:
            at_first = await quiescent(self._stage.inside, self._kafka.ends, self._stage.url, seconds)
            self._figures |= dict(zip(("messages_when_healed", "deliveries_when_healed"), at_first, strict=True))
        except TimeoutError as error:
            late.append(f"quiescence: {error}")
        self._figures["rest_seconds"] = time.monotonic() - self._healed
        async with httpx.AsyncClient(headers=BEARER) as client:
            left = max(1.0, self._wish.rest_seconds - self._figures["rest_seconds"])
            waiting = (part.until_ready(client, left) for part in self._stage.parts)
            ready = await asyncio.gather(*waiting, return_exceptions=True)
        self._figures["ready_seconds"] = time.monotonic() - self._healed
        parts = zip(self._stage.parts, ready, strict=True)
        return late + [
            f"quiescence: {part.name} is not ready" for part, took in parts if isinstance(took, TimeoutError)
        ]

    def _count(self, applied: int) -> None:
        lines = self._journal.lines
        told = Counter((line.op, line.told) for line in lines)
        for op in (WEBHOOK, ADJUST, READ):
            self._figures |= {f"{op}_{each}": told[op, each] for each in Told}
        statuses = Counter(line.status for line in lines)
        self._figures |= {f"status_{status}": times for status, times in sorted(statuses.items())}
        self._figures["slowest_answer_seconds"] = max((line.seconds for line in lines), default=0)
        self._figures["kills"] = sum(times for kind, times in self._trouble.done.items() if kind.startswith("kill"))
        self._figures["messages"] = self._kafka.sent
        self._figures["messages_a_second"] = self._kafka.sent / self._kafka.seconds
        self._figures["poisoned"] = len(self._kafka.poison)
        self._figures["halves_applied"] = applied
        self._figures |= self._watch.figures()
