"""Reading a movement by its id, one server in one fresh process at a time."""

import json
import signal
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from benchmarks.inventory.driver import drive
from benchmarks.inventory.servers import connected
from benchmarks.processes import cpu_of, running

OURS = "benchmarks.inventory.http_ours"
ORM = "benchmarks.inventory.peers.http_orm"
ASYNCPG = "benchmarks.inventory.peers.http_asyncpg"
BARE = "benchmarks.inventory.peers.bare_asgi"
CACHED, AGAIN = f"{OURS}:cached", f"{OURS}:again"
PATH = "/api/v1/movements/"
CONNECTIONS = 32
HOT = 2000
COMPARED = 50
BUSY = 0.9


class Figures(msgspec.Struct, frozen=True):
    """What one round gave; ``busy`` is the share of its processor that the server used."""

    rate: float
    p50: float
    p99: float
    cpu_us: float
    busy: float
    garbage: float | None = None


async def copy_to_peers(url: str) -> list[UUID]:
    """Give the peers the movements that Soty has, in their own table.

    :returns: the ids of all movements.
    """
    async with connected(url) as connection:
        await connection.execute("""
            INSERT INTO peer.movement
            SELECT e.movement_id, CASE e.kind WHEN 1 THEN 'departure' ELSE 'arrival' END,
                s.warehouse_id, s.product_id, abs(e.delta), e.occurred_at
            FROM inventory.event e JOIN inventory.stock s ON s.id = e.stock_id""")
        for table in ("peer.movement", "inventory.event", "inventory.open_half", "inventory.stock"):
            await connection.execute(f"VACUUM ANALYZE {table}")
        rows = await connection.fetch("SELECT DISTINCT movement_id FROM peer.movement ORDER BY 1")
    return [row[0] for row in rows]


def run(
    variant: str, where: Mapping[str, str], ids: Sequence[UUID], seconds: float, answers: dict[str, Any]
) -> Figures:
    """Read for some seconds, after a third of them as warm-up, in which each movement is read once at least.

    :param where: addresses that the server is given.
    :param answers: what the servers before answered, to which this one's must be equal; the first one fills it.
    :raises AssertionError: an answer is not 200 or differs.
    """
    paths = [f"{PATH}{each}" for each in ids]
    with running(variant, **where) as child:
        assert child.stdout is not None
        port = json.loads(child.stdout.readline())["port"]
        compare(variant, port, paths[:COMPARED], answers)
        drive(port, paths, CONNECTIONS, seconds / 3, len(paths))
        before = cpu_of(child.pid)
        told = drive(port, paths, CONNECTIONS, seconds)
        cpu = cpu_of(child.pid) - before
        child.send_signal(signal.SIGTERM)
        last = child.stdout.read().strip()
        assert child.wait(20) == 0, f"{variant} did not stop clean"
    assert told["errors"] == 0, f"{variant}: {told['errors']} answers were not 200"
    garbage = json.loads(last)["garbage"] / told["requests"] if last else None
    rate = told["requests"] / told["seconds"]
    return Figures(rate, told["p50"], told["p99"], cpu / told["requests"] * 1e6, cpu / told["seconds"], garbage)


def compare(variant: str, port: int, paths: Sequence[str], answers: dict[str, Any]) -> None:
    """Hold the answers of a server against those of the others.

    :raises AssertionError: they differ.
    """
    for path in paths:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            found = json.load(answer)
        expected = answers.setdefault(path, found)
        assert found == expected, f"{variant} answers {found}, others {expected}"
