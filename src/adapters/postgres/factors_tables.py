"""Tables of API keys, second factors and Telegram links; nobody's secret can be read in them."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from adapters.postgres.tables import Moment, metadata

api_key = Table(
    "api_key",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("identity.account.id", ondelete="CASCADE"), nullable=False),
    Column("prefix", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("used_at", Moment),
    UniqueConstraint("prefix"),
    Index(None, "account_id", "id"),
    schema="identity",
)

totp = Table(
    "totp",
    metadata,
    Column("account_id", Uuid, ForeignKey("identity.account.id", ondelete="CASCADE"), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
    Column("last_step", BigInteger, nullable=False),
    schema="identity",
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("account_id", Uuid, ForeignKey("identity.account.id", ondelete="CASCADE"), nullable=False),
    Column("digest", LargeBinary, nullable=False),
    PrimaryKeyConstraint("account_id", "digest"),
    schema="identity",
)

telegram_link = Table(
    "telegram_link",
    metadata,
    Column("account_id", Uuid, ForeignKey("identity.account.id", ondelete="CASCADE"), primary_key=True),
    Column("telegram_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("username", Text),
    Column("linked_at", Moment, nullable=False),
    UniqueConstraint("telegram_id"),
    schema="identity",
)
