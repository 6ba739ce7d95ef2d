"""Messages of warehouses through the webhook: what is sent, and what must be stored of it."""

import asyncio
from collections.abc import Iterator

from benchmarks.driver import post
from benchmarks.inventory.workload import OPENING, Moved, Workload
from benchmarks.servers import connected
from core.inventory.domain.movement import Half

PATH = "/api/v1/kafka/webhook"


class Sender:
    """Makes requests one after another and remembers the messages."""

    def __init__(self) -> None:
        self._workload = Workload()
        self._sent: list[Moved] = []

    def requests(self) -> Iterator[bytes]:
        """Requests without an end, made by the hundred."""
        while True:
            some = self._workload.take(100)
            bodies = [post(PATH, self._workload.message(each)) for each in some]
            for moved, request in zip(some, bodies, strict=True):
                self._sent.append(moved)
                yield request

    def check(self, url: str, name: str, count: int) -> None:
        """Compare what is stored with the oracle.

        :param count: messages that were answered.
        :raises AssertionError: rows or stocks differ.
        """
        assert len(self._sent) == count, f"{name}: {len(self._sent)} were sent, {count} answered"
        asyncio.run(self._check(url, name))

    async def _check(self, url: str, name: str) -> None:
        workload = self._workload
        expected = dict.fromkeys(workload.quantities, OPENING)
        for moved in self._sent:
            key = workload.warehouses[moved.stock.warehouse], workload.products[moved.stock.product]
            expected[key] += moved.quantity if moved.half is Half.ARRIVAL else -moved.quantity
        async with connected(url) as connection:
            rows = await connection.fetchval("SELECT count(*) FROM inventory.event")
            stocks = await connection.fetch("SELECT warehouse_id, product_id, quantity FROM inventory.stock")
        assert rows == len(self._sent), f"{name}: {rows} events are stored of {len(self._sent)}"
        assert {(w, p): q for w, p, q in stocks} == expected, f"{name}: stocks differ from the oracle"
