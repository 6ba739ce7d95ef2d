"""What is looked at from outside while a run goes on."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx

from tests.chaos.processes import BEARER, Part

POLL_SECONDS = 0.5
TICK_SECONDS = 0.02
YOUNG = 10
PROMISED_SECONDS = 6.0
PAGE_BYTES = 4096
ANSWERED = "soty_http_request_seconds"


@dataclass
class Watch:
    """Sees stocks below zero, how much memory processes take, and how late the harness itself is.

    ``sights`` are bytes by the kind of a process and by each life of it.
    """

    parts: Sequence[Part]
    negative: list[str] = field(default_factory=list)
    sights: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    late_seconds: float = 0.0

    async def run(self, url: str, stop: asyncio.Event) -> None:
        """Look until told to stop.

        :param url: of the database, past the proxies.
        """
        late = asyncio.create_task(self.feel_lateness(stop))
        connection = await asyncpg.connect(url)
        try:
            while not stop.is_set():
                lowest = await connection.fetchval("SELECT min(quantity) FROM inventory.stock")
                if lowest is not None and lowest < 0:
                    self.negative.append(f"a stock was {lowest}")
                self.weigh()
                await asyncio.sleep(POLL_SECONDS)
        finally:
            await connection.close()
            await late

    def figures(self) -> dict[str, float]:
        """Megabytes by kind of process: the most that one took, and by how much one grew after its first seconds."""
        most: Counter[str] = Counter()
        grown: Counter[str] = Counter()
        for (command, _), sizes in self.sights.items():
            most[command] = max(most[command], *sizes)
            grown[command] = max(grown[command], max(sizes[YOUNG:], default=0) - sizes[:YOUNG][-1])
        return (
            {"harness_late_seconds": self.late_seconds}
            | {f"{command}_megabytes": size / 1e6 for command, size in most.items()}
            | {f"{command}_grew_megabytes": size / 1e6 for command, size in grown.items()}
        )

    def weigh(self) -> None:
        """Look at how much memory each process holds now."""
        for part in self.parts:
            if (size := _resident(part)) is not None and part.process is not None:
                self.sights.setdefault((part.command, part.process.pid), []).append(size)

    async def feel_lateness(self, stop: asyncio.Event) -> None:
        """Measure how much longer than it should a short sleep takes here, until told to stop."""
        while not stop.is_set():
            asleep = time.monotonic()
            await asyncio.sleep(TICK_SECONDS)
            self.late_seconds = max(self.late_seconds, time.monotonic() - asleep - TICK_SECONDS)


async def answered_late(parts: Iterable[Part]) -> int:
    """How many requests the servers themselves know to have answered after more than what is promised."""
    late = 0
    async with httpx.AsyncClient(headers=BEARER) as client:
        for part in parts:
            page = (await client.get(f"{part.url}/metrics")).text
            late += _total(page, f"{ANSWERED}_count") - _total(page, f"{ANSWERED}_bucket", f'le="{PROMISED_SECONDS}"')
    return late


def _total(page: str, name: str, label: str = "") -> int:
    lines = (line for line in page.splitlines() if line.startswith(f"{name}{{") and label in line)
    return sum(int(float(line.rsplit(" ", 1)[1])) for line in lines)


def _resident(part: Part) -> int | None:
    """Bytes of memory that a process holds; None where it is dead or the system does not tell."""
    if part.process is None or part.process.poll() is not None:
        return None
    try:
        return int(Path(f"/proc/{part.process.pid}/statm").read_text().split()[1]) * PAGE_BYTES
    except OSError:
        return None
