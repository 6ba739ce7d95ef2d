"""The table of tries to sign in; it refers to no other, so that a row costs the same with and without an account."""

from sqlalchemy import Column, Index, Table, Text, Uuid, text

from adapters.postgres.tables import Moment, metadata

sign_in = Table(
    "sign_in",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("method", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("account_id", Uuid),
    Column("session_id", Uuid),
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Index("sign_in_account_id_id_idx", "account_id", "id"),
    Index("sign_in_begun_idx", "account_id", "id", postgresql_where=text("session_id IS NOT NULL")),
    Index("sign_in_at_idx", "at"),
    schema="identity",
)
