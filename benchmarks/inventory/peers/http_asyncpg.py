"""FastAPI over a raw asyncpg pool: the strong peer."""

import json
import sys
from uuid import UUID

import uvloop
from asyncpg import Record
from fastapi import FastAPI, HTTPException

from benchmarks.inventory.peers.answers import MovementAnswer, fields_of
from benchmarks.serving import open_pool, serve

SELECT = """
    SELECT movement_id, event, warehouse_id, product_id, quantity, occurred_at
    FROM peer.movement WHERE movement_id = $1"""


class Half(Record):  # type: ignore[misc]
    """A row whose columns are attributes."""

    def __getattr__(self, name: str) -> object:
        return self[name]


async def main(url: str) -> None:
    """Serve until SIGTERM."""
    pool = await open_pool(url)
    app = FastAPI(openapi_url=None)

    @app.get("/api/v1/movements/{movement_id}")
    async def movement(movement_id: UUID) -> MovementAnswer:
        async with pool.acquire() as connection:
            found = await connection.fetch(SELECT, movement_id, record_class=Half)
        if not found:
            raise HTTPException(404)
        return MovementAnswer(**fields_of(found))

    await serve(app)
    await pool.close()


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
