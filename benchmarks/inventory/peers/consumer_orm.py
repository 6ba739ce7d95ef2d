"""The usual service: one message, pydantic, an ORM session with a row lock, commit."""

import json
import sys
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import uvloop
from aiokafka import AIOKafkaConsumer
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from benchmarks.inventory.marks import Marks
from benchmarks.inventory.peers.models import Movement, Stock


class Data(BaseModel):
    movement_id: UUID
    warehouse_id: UUID
    timestamp: datetime
    event: Literal["departure", "arrival"]
    product_id: UUID
    quantity: int


class Envelope(BaseModel):
    id: UUID
    source: str
    type: str
    data: Data


async def take(raw: bytes, sessions: async_sessionmaker[Any]) -> None:
    """Apply one message; a repeated half is left out, a departure without stock is refused."""
    data = Envelope.model_validate_json(raw).data
    async with sessions() as session:
        if await session.get(Movement, (data.movement_id, data.event)) is not None:
            return
        session.add(
            Movement(
                movement_id=data.movement_id,
                event=data.event,
                warehouse_id=data.warehouse_id,
                product_id=data.product_id,
                quantity=data.quantity,
                occurred_at=data.timestamp,
            )
        )
        found = await session.execute(
            select(Stock)
            .where(Stock.warehouse_id == data.warehouse_id, Stock.product_id == data.product_id)
            .with_for_update()
        )
        stock = found.scalar_one_or_none()
        if stock is None:
            stock = Stock(warehouse_id=data.warehouse_id, product_id=data.product_id, quantity=0)
            session.add(stock)
        stock.quantity += data.quantity if data.event == "arrival" else -data.quantity
        if stock.quantity < 0:
            raise ValueError("not enough stock")
        await session.commit()


async def main(url: str, bootstrap: str, topic: str, events: int) -> None:
    """Consume so many events; offsets are committed in the background, as by default."""
    marks = Marks(events)
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"))
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, group_id="bench", auto_offset_reset="earliest")
    await consumer.start()
    done = False
    while not done:
        message = await consumer.getone()
        await take(message.value, sessions)
        done = marks.add(1)
    marks.report()
    await consumer.stop()
    await engine.dispose()


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
