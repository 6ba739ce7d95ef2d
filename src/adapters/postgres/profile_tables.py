"""The tables of profiles, addresses and networks."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, Text, UniqueConstraint, Uuid, text

from adapters.postgres.tables import Moment, metadata

address = Table(
    "address",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("identity.account.id", ondelete="CASCADE"), nullable=False),
    Column("label", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("line1", Text, nullable=False),
    Column("line2", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("postal_code", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("is_default", Boolean, nullable=False),
    Index("address_account_id_id_idx", "account_id", "id"),
    Index("address_default_key", "account_id", unique=True, postgresql_where=text("is_default")),
    schema="identity",
)

profile = Table(
    "profile",
    metadata,
    Column("account_id", Uuid, ForeignKey("identity.account.id", ondelete="CASCADE"), primary_key=True),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("avatar", Uuid),
    Index("profile_avatar_key", "avatar", unique=True),
    schema="identity",
)

ip_rule = Table(
    "ip_rule",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("identity.account.id", ondelete="CASCADE"), nullable=False),
    Column("network", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("account_id", "network"),
    schema="identity",
)
