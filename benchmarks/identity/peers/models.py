"""The tables of the peer."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, Column, DateTime, ForeignKey, Index, LargeBinary, MetaData, Table, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    metadata = MetaData(schema="peer")
    type_annotation_map: ClassVar = {datetime: DateTime(timezone=True), str: Text, list[str]: ARRAY(Text)}


person_role = Table(
    "person_role",
    Base.metadata,
    Column("person_id", ForeignKey("peer.person.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("peer.role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base):
    """What its holders may do."""

    __tablename__ = "role"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    permissions: Mapped[list[str]]


class Person(Base):
    """Somebody who can sign in."""

    __tablename__ = "person"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    email: Mapped[str | None]
    email_key: Mapped[str | None] = mapped_column(unique=True)
    email_verified_at: Mapped[datetime | None]
    username: Mapped[str | None]
    phone: Mapped[str | None]
    phone_verified_at: Mapped[datetime | None]
    password_hash: Mapped[str | None]
    status: Mapped[str]
    language: Mapped[str]
    timezone: Mapped[str]
    version: Mapped[int]
    roles: Mapped[list[Role]] = relationship(secondary=person_role)


class Session(Base):
    """One sign-in."""

    __tablename__ = "session"
    __table_args__ = (Index("session_person_idx", "person_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("peer.person.id", ondelete="CASCADE"))
    kind: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    address: Mapped[str]
    agent: Mapped[str]
    ended_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()


class RefreshToken(Base):
    """A link of the chain of tokens of a session."""

    __tablename__ = "refresh_token"
    __table_args__ = (Index("refresh_token_session_idx", "session_id"),)
    hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("peer.session.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    parent_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    used_at: Mapped[datetime | None]
    session: Mapped[Session] = relationship()
