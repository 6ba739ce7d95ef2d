"""The limit: an ASGI function without a framework, the statement of Soty, and the same answer."""

import json
import sys
from typing import Any
from uuid import UUID

import msgspec
import uvloop

from adapters.postgres.movements_sql import HALVES
from benchmarks.serving import open_pool, serve

PREFIX = len("/api/v1/movements/")
ENCODE = msgspec.json.Encoder().encode
HEADERS = [(b"content-type", b"application/json")]


def answer_of(rows: list[Any]) -> bytes:
    """Merge the halves of a movement and encode them."""
    departure = arrival = None
    for row in rows:
        if row["kind"] == 1:
            departure = row
        else:
            arrival = row
    first: Any = departure or arrival
    flags = []
    duration = departed = arrived = diff = shortage = surplus = left_at = came_at = source = destination = None
    if departure is None:
        flags.append("external_receipt")
    else:
        source, left_at, departed = departure["warehouse_id"], departure["occurred_at"], -departure["delta"]
    if arrival is not None:
        destination, came_at, arrived = arrival["warehouse_id"], arrival["occurred_at"], arrival["delta"]
        if departure is not None:
            duration, diff = (came_at - left_at).total_seconds(), departed - arrived
            shortage, surplus = max(diff, 0), max(-diff, 0)
    return ENCODE(
        {
            "movement_id": first["movement_id"],
            "product_id": first["product_id"],
            "source_warehouse_id": source,
            "destination_warehouse_id": destination,
            "departure_time": left_at,
            "arrival_time": came_at,
            "duration_seconds": duration,
            "departed_quantity": departed,
            "arrived_quantity": arrived,
            "quantity_diff": diff,
            "shortage": shortage,
            "surplus": surplus,
            "matched": departure is not None and arrival is not None,
            "status": "in_transit" if arrival is None else "completed",
            "flags": flags,
            "variance": "open" if diff else None,
            "decision": None,
        }
    )


async def main(url: str) -> None:
    """Serve until SIGTERM."""
    pool = await open_pool(url)

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        movement = UUID(scope["path"][PREFIX:])
        async with pool.acquire() as connection:
            found = await connection.fetch(HALVES.text, *HALVES.args(ids=[movement, movement], classes=[1, 2]))
        body = answer_of(found)
        headers = [*HEADERS, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    await serve(app)
    await pool.close()


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
