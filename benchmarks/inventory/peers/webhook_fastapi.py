"""FastAPI over a raw asyncpg pool takes messages by POST, with the statement of the careful hand."""

import json
import sys
from uuid import UUID

import uvloop
from fastapi import FastAPI
from pydantic import BaseModel

from benchmarks.inventory.peers.consumer_asyncpg import TAKE, arguments
from benchmarks.inventory.peers.consumer_orm import Envelope
from benchmarks.serving import open_pool, serve


class Details(BaseModel):
    duplicate: bool


class Processed(BaseModel):
    status: str
    message_id: UUID
    movement_id: UUID
    details: Details


async def main(url: str) -> None:
    """Serve until SIGTERM."""
    pool = await open_pool(url)
    app = FastAPI(openapi_url=None)

    @app.post("/api/v1/kafka/webhook")
    async def take(envelope: Envelope) -> Processed:
        async with pool.acquire() as connection:
            added, known = await connection.fetchrow(TAKE, *arguments(envelope))
        assert added or known
        return Processed(
            status="processed",
            message_id=envelope.id,
            movement_id=envelope.data.movement_id,
            details=Details(duplicate=not added),
        )

    await serve(app)
    await pool.close()


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
