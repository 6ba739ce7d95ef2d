"""The outbox: facts, their deliveries by subscriber, the lanes they travel in; and kept answers to requests."""

from alembic import op

revision = "kernel_0002"
down_revision = "kernel_0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE SEQUENCE kernel.outbox_seq",
    """
    CREATE TABLE kernel.outbox (
        seq bigint CONSTRAINT outbox_pkey PRIMARY KEY,
        id uuid NOT NULL,
        name text NOT NULL,
        version smallint NOT NULL,
        key text NOT NULL,
        payload json NOT NULL,
        occurred_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE kernel.delivery (
        subscriber text NOT NULL,
        seq bigint NOT NULL,
        lane smallint NOT NULL,
        key text NOT NULL,
        state text NOT NULL CONSTRAINT delivery_state_check CHECK (state IN ('pending', 'held', 'dead')),
        attempts integer NOT NULL DEFAULT 0,
        failed boolean NOT NULL DEFAULT false,
        due_at timestamptz NOT NULL,
        error text,
        CONSTRAINT delivery_pkey PRIMARY KEY (seq, subscriber)
    ) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.1)
    """,
    "CREATE INDEX delivery_pending_idx ON kernel.delivery (subscriber, lane, seq) WHERE state = 'pending'",
    "CREATE INDEX delivery_behind_idx ON kernel.delivery (subscriber, key, seq) WHERE failed OR state = 'held'",
    """
    CREATE TABLE kernel.lane (
        subscriber text NOT NULL,
        number smallint NOT NULL,
        owner integer NOT NULL DEFAULT 0,
        fence bigint NOT NULL DEFAULT 0,
        leased_until timestamptz NOT NULL DEFAULT '-infinity',
        resume_at timestamptz NOT NULL DEFAULT '-infinity',
        CONSTRAINT lane_pkey PRIMARY KEY (subscriber, number)
    ) WITH (fillfactor = 50)
    """,
    """
    CREATE TABLE kernel.answered (
        principal text NOT NULL,
        route text NOT NULL,
        key text NOT NULL,
        digest bytea NOT NULL,
        result json NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT answered_pkey PRIMARY KEY (principal, route, key)
    )
    """,
    "CREATE INDEX answered_created_at_idx ON kernel.answered (created_at)",
    "CREATE SEQUENCE kernel.relay_owner AS integer CYCLE",
)


def upgrade() -> None:
    """Make it."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take it back; what was not delivered is lost."""
    for table in ("answered", "lane", "delivery", "outbox"):
        op.execute(f"DROP TABLE kernel.{table}")
    for sequence in ("relay_owner", "outbox_seq"):
        op.execute(f"DROP SEQUENCE kernel.{sequence}")
