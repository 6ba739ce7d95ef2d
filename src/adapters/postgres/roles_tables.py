"""Tables of roles; those built in are no rows, so ``role_id`` refers to a row or to one of them."""

from sqlalchemy import ARRAY, Boolean, Column, Index, PrimaryKeyConstraint, Table, Text, Uuid

from adapters.postgres.tables import Moment, metadata

role = Table(
    "role",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("permissions", ARRAY(Text), nullable=False),
    schema="identity",
)

account_role = Table(
    "account_role",
    metadata,
    Column("account_id", Uuid, nullable=False),
    Column("role_id", Uuid, nullable=False),
    PrimaryKeyConstraint("account_id", "role_id"),
    Index(None, "role_id", "account_id"),
    schema="identity",
)

role_change = Table(
    "role_change",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("role_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("given", Boolean, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "account_id", "id"),
    schema="identity",
)
