"""Readers who know what has been written, and judges of what they read."""

import asyncio
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

import httpx
import msgspec

from core.kernel.cache import LIFETIME_SECONDS
from tests.chaos.journal import Journal, Line, Told
from tests.chaos.load import ADJUST, ADJUSTMENTS, MANY, PATIENCE, READ, adjustment
from tests.chaos.plan import Pair
from tests.chaos.processes import BEARER

READERS = 8
READ_PAUSE, WRITE_PAUSE = 0.004, 0.15


class _Stock(msgspec.Struct):
    quantity: int


class _Adjusted(msgspec.Struct):
    balance_after: int


@dataclass
class Witness:
    """One writer a stock, who adds one piece after another, and readers who look at all; all goes into the journal.

    The answer of a line is the number of pieces that it told of.
    """

    urls: Sequence[str]
    pairs: Sequence[Pair]
    journal: Journal
    random: Random
    _number: int = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Write and read until told to stop."""
        async with httpx.AsyncClient(timeout=PATIENCE, limits=MANY, headers=BEARER) as client:
            await asyncio.gather(
                *(self._write(client, pair, stop) for pair in self.pairs),
                *(self._read(client, stop) for _ in range(READERS)),
            )

    async def _write(self, client: httpx.AsyncClient, pair: Pair, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._number += 1
            key = f"piece-{self._number}"
            while await self._add(client, pair, key) is not Told.OK and not stop.is_set():
                await asyncio.sleep(READ_PAUSE)
            await asyncio.sleep(self.random.uniform(0, 2 * WRITE_PAUSE))

    async def _add(self, client: httpx.AsyncClient, pair: Pair, key: str) -> Told:
        started = time.monotonic()
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        asked = client.post(self._url() + ADJUSTMENTS, content=adjustment(pair, 1, key), headers=headers)
        return await self._note(ADJUST, pair, started, asked)

    async def _read(self, client: httpx.AsyncClient, stop: asyncio.Event) -> None:
        while not stop.is_set():
            pair = self.pairs[min(self.random.randrange(len(self.pairs)), self.random.randrange(len(self.pairs)))]
            started = time.monotonic()
            path = f"/api/v1/warehouse/{pair[0]}/products/{pair[1]}"
            await self._note(READ, pair, started, client.get(self._url() + path))
            await asyncio.sleep(READ_PAUSE)

    async def _note(self, op: str, pair: Pair, started: float, asked: Awaitable[httpx.Response]) -> Told:
        told, status, text = Told.UNKNOWN, 0, ""
        try:
            answer = await asked
        except httpx.HTTPError as error:
            text = type(error).__name__
        else:
            told, status = Told.OK if answer.is_success else Told.FAIL, answer.status_code
            text = str(_pieces(op, answer.content)) if told is Told.OK else answer.text
        name = f"{pair[0].hex}:{pair[1].hex}"
        self.journal.add(op, name, told, answer=text, status=status, seconds=time.monotonic() - started)
        return told

    def _url(self) -> str:
        return self.random.choice(self.urls)


@dataclass(frozen=True)
class Stale:
    """A reader of a stock who did not see what a writer was told at a moment ``since``, ``late`` seconds before."""

    key: str
    since: float
    late: float


@dataclass
class Watched:
    """What was done to Redis, in the seconds of :func:`time.monotonic`: when it was away, and which keys could not be
    forgotten for sure at which moments."""

    away: list[tuple[float, float]] = field(default_factory=list)
    unsure: dict[str, list[float]] = field(default_factory=dict)

    def answers(self, moment: float) -> bool:
        """Whether Redis was there at a moment."""
        return not any(begun <= moment <= ended for begun, ended in self.away)

    def may_lag(self, stale: Stale) -> bool:
        """Whether Redis did not take what the write told it to forget."""
        moments = self.unsure.get(stale.key, ())
        return any(stale.since - PATIENCE <= moment <= stale.since + stale.late for moment in moments)


def stale_reads(lines: Sequence[Line]) -> list[Stale]:
    """Reads that began after the answer to a write and showed less."""
    told: dict[str, list[tuple[int, float]]] = defaultdict(list)
    found = []
    for line in lines:
        if line.op == ADJUST and line.told is Told.OK:
            told[line.key].append((int(line.answer), line.at))
    for line in lines:
        if line.op != READ or line.told is not Told.OK:
            continue
        written, begun = told[line.key], line.at - line.seconds
        missed = bisect_right(written, (int(line.answer), float("inf")))
        if missed < len(written) and written[missed][1] < begun:
            found.append(Stale(line.key, written[missed][1], begun - written[missed][1]))
    return found


def nobody_is_refused(lines: Sequence[Line], watched: Watched) -> Iterator[str]:
    """Redis is needed for nothing: every request is served."""
    for line in lines:
        if line.told is not Told.OK:
            yield f"{line.op} {line.key} got {line.status or line.answer} after {line.seconds:.1f} s"


def reads_are_fresh_while_redis_answers(lines: Sequence[Line], watched: Watched) -> Iterator[str]:
    """What was written before a read began is in it, unless Redis did not take what it was told to forget."""
    for stale in stale_reads(lines):
        if watched.answers(stale.since) and not watched.may_lag(stale):
            yield f"{stale.key} was old by {stale.late:.3f} s while Redis answered"


def reads_lag_a_little_at_most(lines: Sequence[Line], watched: Watched) -> Iterator[str]:
    """Nobody ever reads what became old longer ago than entries live."""
    for stale in stale_reads(lines):
        if stale.late > LIFETIME_SECONDS:
            yield f"{stale.key} was old by {stale.late:.1f} s"


CHECKERS = (nobody_is_refused, reads_are_fresh_while_redis_answers, reads_lag_a_little_at_most)


def _pieces(op: str, raw: bytes) -> int:
    if op == READ:
        return msgspec.json.decode(raw, type=_Stock).quantity
    return msgspec.json.decode(raw, type=_Adjusted).balance_after
