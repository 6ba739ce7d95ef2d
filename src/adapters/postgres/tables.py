"""The tables, one schema per module; migrations make them, a test holds the two equal."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)
Moment = DateTime(timezone=True)

audit = Table(
    "audit",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("details", JSONB, nullable=False),
    Column("impersonator", Text),
    Column("address", Text, nullable=False, server_default=""),
    Column("agent", Text, nullable=False, server_default=""),
    Column("request", Text, nullable=False, server_default=""),
    Index(None, "object_id", "id"),
    schema="kernel",
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", SmallInteger, nullable=False),
    Column("key", Text, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    schema="kernel",
)

delivery = Table(
    "delivery",
    metadata,
    Column("subscriber", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("failed", Boolean, nullable=False, server_default=text("false")),
    Column("due_at", Moment, nullable=False),
    Column("error", Text),
    PrimaryKeyConstraint("seq", "subscriber"),
    CheckConstraint("state IN ('pending', 'held', 'dead')", name="state"),
    Index("delivery_pending_idx", "subscriber", "lane", "seq", postgresql_where=text("state = 'pending'")),
    Index("delivery_behind_idx", "subscriber", "key", "seq", postgresql_where=text("failed OR state = 'held'")),
    schema="kernel",
    postgresql_with={"autovacuum_vacuum_scale_factor": 0.05, "autovacuum_vacuum_insert_scale_factor": 0.1},
)

lane = Table(
    "lane",
    metadata,
    Column("subscriber", Text, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("owner", Integer, nullable=False, server_default=text("0")),
    Column("fence", BigInteger, nullable=False, server_default=text("0")),
    Column("leased_until", Moment, nullable=False, server_default=text("'-infinity'")),
    Column("resume_at", Moment, nullable=False, server_default=text("'-infinity'")),
    PrimaryKeyConstraint("subscriber", "number"),
    schema="kernel",
    postgresql_with={"fillfactor": 50},
)

answered = Table(
    "answered",
    metadata,
    Column("principal", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("result", JSON, nullable=False),
    Column("created_at", Moment, nullable=False, index=True),
    PrimaryKeyConstraint("principal", "route", "key"),
    schema="kernel",
)

stock = Table(
    "stock",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("warehouse_id", Uuid, nullable=False),
    Column("product_id", Uuid, nullable=False),
    Column("quantity", BigInteger, nullable=False, server_default=text("0")),
    Column("parked", Integer, nullable=False, server_default=text("0")),
    Column("needs_fold", Boolean, nullable=False, server_default=text("false")),
    Column("threshold", BigInteger),
    Column("is_low", Boolean, nullable=False, server_default=text("false")),
    Column("turned", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("warehouse_id", "product_id"),
    CheckConstraint("quantity >= 0", name="quantity"),
    CheckConstraint("parked >= 0", name="parked"),
    CheckConstraint("threshold >= 0", name="threshold"),
    schema="inventory",
    postgresql_with={"fillfactor": 50, "autovacuum_vacuum_scale_factor": 0.02},
)

event = Table(
    "event",
    metadata,
    Column("seq", BigInteger, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("source", SmallInteger),
    Column("stock_id", Integer, nullable=False),
    Column("delta", BigInteger, nullable=False),
    Column("balance", BigInteger),
    Column("occurred_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("first_seq", BigInteger),
    Column("movement_id", Uuid, nullable=False),
    Column("envelope_id", Uuid),
    PrimaryKeyConstraint("seq"),
    CheckConstraint("balance >= 0", name="balance"),
    Index(None, "stock_id", "seq"),
    schema="inventory",
    postgresql_partition_by="RANGE (seq)",
)


segment = Table(
    "segment",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("state", Text, nullable=False),
    CheckConstraint("state IN ('hot', 'frozen', 'settled')", name="state"),
    schema="inventory",
)

settled_run = Table(
    "settled_run",
    metadata,
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    schema="inventory",
)

open_half = Table(
    "open_half",
    metadata,
    Column("movement_id", Uuid, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("stock_id", Integer, nullable=False),
    Column("delta", BigInteger, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    Column("applied", Boolean, nullable=False),
    Column("state", SmallInteger, nullable=False, server_default=text("0")),
    Index("open_half_in_transit_idx", "occurred_at", "movement_id", postgresql_where=text("delta < 0 AND applied")),
    Index("open_half_overdue_idx", "occurred_at", "movement_id", postgresql_where=text("state = 1")),
    schema="inventory",
    postgresql_with={"autovacuum_vacuum_scale_factor": 0.05},
)

decision = Table(
    "decision",
    metadata,
    Column("movement_id", Uuid, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("decided_at", Moment, nullable=False),
    CheckConstraint("outcome IN ('cancelled', 'lost', 'damaged', 'miscounted', 'found')", name="outcome"),
    schema="inventory",
)

transit_limit = Table(
    "transit_limit",
    metadata,
    Column("warehouse_id", Uuid, primary_key=True),
    Column("hours", Integer),
    CheckConstraint("hours > 0", name="hours"),
    schema="inventory",
)

parked = Table(
    "parked",
    metadata,
    Column("seq", BigInteger, primary_key=True),
    Column("stock_id", Integer, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    Column("movement_id", Uuid, nullable=False),
    Index(None, "stock_id", "occurred_at", "movement_id"),
    schema="inventory",
)

adjustment = Table(
    "adjustment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("stock_id", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("delta", BigInteger, nullable=False),
    Column("balance", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index(None, "stock_id", "id"),
    schema="inventory",
)

stocktake = Table(
    "stocktake",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("warehouse_id", Uuid, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'open'")),
    Column("note", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("lines", Integer, nullable=False, server_default=text("0")),
    Column("surplus", BigInteger, nullable=False, server_default=text("0")),
    Column("shortage", BigInteger, nullable=False, server_default=text("0")),
    Column("opened_at", Moment, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", Text),
    CheckConstraint("state IN ('open', 'closed', 'cancelled')", name="state"),
    Index("stocktake_open_key", "warehouse_id", unique=True, postgresql_where=text("state = 'open'")),
    schema="inventory",
)

stocktake_line = Table(
    "stocktake_line",
    metadata,
    Column("stocktake_id", Uuid, nullable=False),
    Column("product_id", Uuid, nullable=False),
    Column("counted", BigInteger, nullable=False),
    Column("on_hand", BigInteger, nullable=False),
    Column("counted_at", Moment, nullable=False),
    Column("counted_by", Text, nullable=False),
    PrimaryKeyConstraint("stocktake_id", "product_id"),
    CheckConstraint("counted >= 0", name="counted"),
    schema="inventory",
)

alert = Table(
    "alert",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("warehouse_id", Uuid, nullable=False),
    Column("product_id", Uuid, nullable=False),
    Column("movement_id", Uuid),
    Column("details", JSONB, nullable=False),
    Column("since", Moment, nullable=False),
    Column("cleared_at", Moment),
    Column("acked_at", Moment),
    Column("acked_by", Text),
    Column("note", Text),
    CheckConstraint("kind IN ('low_stock', 'overdue_transit')", name="kind"),
    Index("alert_open_key", "kind", "subject", unique=True, postgresql_where=text("cleared_at IS NULL")),
    Index("alert_open_idx", "id", postgresql_where=text("cleared_at IS NULL")),
    schema="inventory",
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("identity", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'open'")),
    Column("door", Text, nullable=False),
    Column("topic", Text),
    Column("partition", Integer),
    Column("offset", BigInteger),
    Column("raw", LargeBinary),
    Column("movement_id", Uuid),
    Column("details", JSONB, nullable=False),
    Column("times", Integer, nullable=False, server_default=text("1")),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("closed_by", Text),
    Column("closed_at", Moment),
    Column("note", Text),
    UniqueConstraint("identity"),
    CheckConstraint("state IN ('open', 'applied', 'discarded')", name="state"),
    CheckConstraint("door IN ('kafka', 'webhook')", name="door"),
    Index("quarantine_open_idx", "reason", "id", postgresql_where=text("state = 'open'")),
    Index("quarantine_open_movement_idx", "movement_id", postgresql_where=text("state = 'open'")),
    Index("quarantine_reason_id_idx", "reason", "id"),
    schema="inventory",
)
