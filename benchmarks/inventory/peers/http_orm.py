"""FastAPI as its tutorial has it: a session by Depends, an ORM select, a response model."""

import json
import sys
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

import uvloop
from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from benchmarks.inventory.peers.answers import MovementAnswer, fields_of
from benchmarks.inventory.peers.models import Movement
from benchmarks.serving import POOL, serve


async def main(url: str) -> None:
    """Serve until SIGTERM."""
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"), pool_size=POOL, max_overflow=0)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    app = FastAPI(openapi_url=None)

    async def session() -> AsyncIterator[AsyncSession]:
        async with sessions() as opened:
            yield opened

    @app.get("/api/v1/movements/{movement_id}", response_model=MovementAnswer)
    async def movement(movement_id: UUID, db: Annotated[AsyncSession, Depends(session)]) -> object:
        found = (await db.execute(select(Movement).where(Movement.movement_id == movement_id))).scalars().all()
        if not found:
            raise HTTPException(404)
        return fields_of(found)

    await serve(app)
    await engine.dispose()


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
