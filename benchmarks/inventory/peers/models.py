"""The tables of the peers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, MetaData, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = MetaData(schema="peer")


class Movement(Base):
    """One half of a movement."""

    __tablename__ = "movement"
    movement_id: Mapped[UUID] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(primary_key=True)
    warehouse_id: Mapped[UUID]
    product_id: Mapped[UUID]
    quantity: Mapped[int] = mapped_column(BigInteger)
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Stock(Base):
    """A product in a warehouse."""

    __tablename__ = "stock"
    __table_args__ = (CheckConstraint("quantity >= 0"),)
    warehouse_id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int] = mapped_column(BigInteger)


class Outbox(Base):
    """A fact to be published."""

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_waiting_idx", "id", postgresql_where=text("published_at IS NULL")),)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    key: Mapped[str]
    payload: Mapped[str]
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
