"""What clients do during a run: messages to Kafka at a pace, and requests that are repeated until they are known."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import httpx
import msgspec
from aiokafka import AIOKafkaProducer

from core.inventory.api import Reason
from tests.chaos.journal import Journal, Line, Told
from tests.chaos.plan import Pair, Plan, Sending, posted
from tests.chaos.processes import BEARER
from tests.chaos.stage import TOPIC

TICK = 0.05
PATIENCE = 8.0
TRIES = 12
WEBHOOK, ADJUST, READ = "webhook", "adjust", "read"
ADJUSTED = 5
# Each request has a connection of its own: one that is kept may be closed, by either end, as a request begins on it.
MANY = httpx.Limits(max_connections=None, max_keepalive_connections=0)
WEBHOOK_PATH, ADJUSTMENTS = "/api/v1/kafka/webhook", "/api/v1/warehouse/adjustments"

Place = tuple[int, int]


@dataclass
class KafkaLoad:
    """Sends messages, in how many ``seconds`` they were all taken, and remembers where the poisoned ones lie."""

    bootstrap: str
    rate: float
    sent: int = 0
    seconds: float = 0.0
    ends: Counter[int] = field(default_factory=Counter)
    poison: dict[Place, Reason] = field(default_factory=dict)

    async def run(self, sendings: Sequence[Sending]) -> None:
        """Send everything at the pace; all of it is acknowledged when this returns."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self.bootstrap, enable_idempotence=True, request_timeout_ms=40_000, linger_ms=5
        )
        await producer.start()
        started = time.monotonic()
        places: list[asyncio.Future[Any]] = []
        try:
            for number, sending in enumerate(sendings):
                places.append(await producer.send(TOPIC, sending.value, key=sending.key))
                self.sent = number + 1
                if (ahead := self.sent / self.rate - (time.monotonic() - started)) > TICK:
                    await asyncio.sleep(ahead)
            done = await asyncio.gather(*places)
            self.seconds = time.monotonic() - started
        finally:
            await producer.stop()
        for sending, place in zip(sendings, done, strict=True):
            self.ends[place.partition] = max(self.ends[place.partition], place.offset + 1)
            if sending.poison is not None:
                self.poison[place.partition, place.offset] = sending.poison


@dataclass
class HttpLoad:
    """Posts, adjusts and reads until told to stop; every attempt is in the journal.

    A request whose outcome is not known is sent again with the same key, most of them until it is known; what was
    accepted is sent once more now and then, and must be answered the same.
    """

    urls: Sequence[str]
    journal: Journal
    random: Random
    negative: list[str] = field(default_factory=list)
    readers: int = 1

    async def run(self, plan: Plan, stop: asyncio.Event, seconds: float) -> None:
        """Go through the posts of a plan in about so many seconds, with as many adjustments, and read meanwhile."""
        pairs = sorted(plan.openings)
        async with httpx.AsyncClient(timeout=None, limits=MANY, headers=BEARER) as client:
            reading = [asyncio.create_task(self._read(client, pairs, stop)) for _ in range(self.readers)]
            pause = seconds / max(1, len(plan.posts))
            under_way: set[asyncio.Task[None]] = set()
            for number, event in enumerate(plan.posts):
                if stop.is_set():
                    break
                under_way.add(asyncio.create_task(self._post(client, str(event.movement_id), posted(event))))
                if number % 2 == 0:
                    pair = self.random.choice(pairs)
                    under_way.add(asyncio.create_task(self._adjust(client, f"{plan.seed}-{number}", pair)))
                await asyncio.sleep(pause)
                under_way = {task for task in under_way if not task.done() or task.result()}
            await asyncio.gather(*under_way)
            await stop.wait()
            await asyncio.gather(*reading)

    async def open(self, plan: Plan) -> None:
        """Bring in what must be there before anything fails.

        :raises RuntimeError: it was refused.
        """
        gate = asyncio.Semaphore(8)
        async with httpx.AsyncClient(timeout=30, headers=BEARER) as client:

            async def calm(op: str, key: str, path: str, body: bytes) -> None:
                async with gate:
                    line = await self._attempt(client, op, key, path, body)
                if line.told is not Told.OK:
                    raise RuntimeError(f"{op} in calm weather: {line}")

            await asyncio.gather(
                *(calm("anchor", str(e.movement_id), WEBHOOK_PATH, posted(e)) for e in plan.anchors),
                *(
                    calm(
                        "opening",
                        f"opening-{n}",
                        ADJUSTMENTS,
                        adjustment(pair, pieces, f"opening-{n}"),
                    )
                    for n, (pair, pieces) in enumerate(sorted(plan.openings.items()))
                ),
            )

    async def _post(self, client: httpx.AsyncClient, key: str, body: bytes) -> None:
        await self._insist(client, WEBHOOK, key, WEBHOOK_PATH, body)

    async def _adjust(self, client: httpx.AsyncClient, key: str, pair: Pair) -> None:
        await self._insist(
            client,
            ADJUST,
            key,
            ADJUSTMENTS,
            adjustment(pair, ADJUSTED, key),
            f"{pair[0]}:{pair[1]}",
        )

    async def _insist(
        self, client: httpx.AsyncClient, op: str, key: str, path: str, body: bytes, about: str = ""
    ) -> None:
        tries = TRIES if self.random.random() < 0.9 else 1
        for attempt in range(tries):
            line = await self._attempt(client, op, key, path, body, about)
            if line.told is Told.OK and self.random.random() < 0.7:
                return
            await asyncio.sleep(min(2.0, 0.1 * 2**attempt) * self.random.random())

    async def _attempt(
        self, client: httpx.AsyncClient, op: str, key: str, path: str, body: bytes, about: str = ""
    ) -> Line:
        started = time.monotonic()
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await client.post(self.random.choice(self.urls) + path, content=body, headers=headers)
        except (httpx.HTTPError, TimeoutError) as error:
            return self.journal.add(
                op, key, Told.UNKNOWN, about=about, answer=type(error).__name__, seconds=time.monotonic() - started
            )
        told = Told.OK if answer.is_success else Told.UNKNOWN if _is_open(answer.status_code) else Told.FAIL
        return self.journal.add(
            op,
            key,
            told,
            about=about,
            answer=answer.text,
            seconds=time.monotonic() - started,
            status=answer.status_code,
            retry_after=answer.headers.get("Retry-After", ""),
        )

    async def _read(self, client: httpx.AsyncClient, pairs: Sequence[Pair], stop: asyncio.Event) -> None:
        while not stop.is_set():
            warehouse, product = self.random.choice(pairs)
            path = f"/api/v1/warehouse/{warehouse}/products/{product}"
            started = time.monotonic()
            try:
                async with asyncio.timeout(PATIENCE):
                    answer = await client.get(self.random.choice(self.urls) + path)
            except (httpx.HTTPError, TimeoutError) as error:
                told, text, status, after = Told.UNKNOWN, type(error).__name__, 0, ""
            else:
                told, text, status = Told.OK if answer.is_success else Told.FAIL, answer.text, answer.status_code
                after = answer.headers.get("Retry-After", "")
            took = time.monotonic() - started
            self.journal.add(READ, path, told, answer=text, seconds=took, status=status, retry_after=after)
            if told is Told.OK and msgspec.json.decode(text)["quantity"] < 0:
                self.negative.append(f"{path} answered {text}")
            await asyncio.sleep(0.02)


def adjustment(pair: Pair, pieces: int, note: str) -> bytes:
    """The body of an adjustment that can be found again by its note."""
    warehouse, product = pair
    body: dict[str, UUID | int | str] = {
        "warehouse_id": warehouse,
        "product_id": product,
        "delta": pieces,
        "reason": "opening_balance",
        "note": note,
    }
    return msgspec.json.encode(body)


def _is_open(status: int) -> bool:
    """Whether an answer leaves open what became of the request."""
    return status >= 500 or status in {409, 429}
