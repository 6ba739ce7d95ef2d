"""What is found in the database and on the topics when a run has come to rest."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from core.inventory.domain.movement import Half
from tests.chaos.load import Place
from tests.chaos.plan import Key, Pair
from tests.chaos.published import Seen

DEPARTURE, ARRIVAL, ADJUSTMENT, RELEASE = 1, 2, 3, 4


@dataclass
class Evidence:
    """Books as they are.

    ``stocks`` as projected, ``sums`` as the ledger adds up, how many places of the ledger are ``broken`` for their
    balance does not follow from the one before or is below zero, halves ``applied`` and how often, notes ``adjusted``
    and how often, messages ``quarantined`` with their places, ``negative`` sightings of a stock below zero, the
    ``facts`` on their topic where they are sent to one, and the ``outbox`` by key.
    """

    stocks: dict[Pair, int] = field(default_factory=dict)
    sums: dict[Pair, int] = field(default_factory=dict)
    broken: int = 0
    applied: Counter[Key] = field(default_factory=Counter)
    waiting: int = 0
    in_transit: int = 0
    adjusted: Counter[str] = field(default_factory=Counter)
    quarantined: list[tuple[Place | None, str]] = field(default_factory=list)
    negative: list[str] = field(default_factory=list)
    facts: list[Seen] | None = None
    outbox: dict[str, list[UUID]] = field(default_factory=dict)


SUMS = """
SELECT s.warehouse_id, s.product_id, s.quantity,
       coalesce((
           SELECT sum(e.delta) FROM inventory.event e WHERE e.stock_id = s.id AND e.balance IS NOT NULL
       ), 0)::bigint AS total
FROM inventory.stock s"""
BROKEN = """
SELECT count(*) FROM (
    SELECT balance - delta AS before,
           lag(balance, 1, 0::bigint) OVER (PARTITION BY stock_id ORDER BY seq) AS left_by_last
    FROM inventory.event WHERE balance IS NOT NULL
    UNION ALL
    SELECT balance, balance FROM inventory.event WHERE balance < 0
) AS chain WHERE before <> left_by_last OR before IS NULL OR before < 0"""
APPLIED = """
SELECT movement_id, CASE kind WHEN 2 THEN 'arrival' ELSE 'departure' END AS half, count(*) AS times
FROM inventory.event WHERE balance IS NOT NULL AND kind IN (1, 2, 4) GROUP BY 1, 2"""


async def collected(url: str) -> Evidence:
    """Read everything from the database."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(SUMS)
        waiting = await connection.fetchval("SELECT count(*) FROM inventory.parked")
        transit = await connection.fetchval(
            "SELECT coalesce(-sum(delta), 0)::bigint FROM inventory.open_half WHERE delta < 0 AND applied"
        )
        applied = await connection.fetch(APPLIED)
        adjusted = await connection.fetch("SELECT note, count(*) AS times FROM inventory.adjustment GROUP BY 1")
        bad = await connection.fetch('SELECT reason, door, partition, "offset" FROM inventory.quarantine')
        return Evidence(
            stocks={(row["warehouse_id"], row["product_id"]): row["quantity"] for row in rows},
            sums={(row["warehouse_id"], row["product_id"]): row["total"] for row in rows},
            broken=await connection.fetchval(BROKEN),
            applied=Counter({(row["movement_id"], Half(row["half"])): row["times"] for row in applied}),
            waiting=waiting,
            in_transit=transit,
            adjusted=Counter({row["note"]: row["times"] for row in adjusted}),
            quarantined=[
                ((row["partition"], row["offset"]) if row["door"] == "kafka" else None, row["reason"]) for row in bad
            ],
        )
    finally:
        await connection.close()
