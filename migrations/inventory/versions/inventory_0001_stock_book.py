"""The stock book: stocks, the ledger, its keys in three tiers, open halves, parked departures, quarantine."""

from alembic import op

revision = "inventory_0001"
down_revision = None
branch_labels = ("inventory",)
depends_on = None

STATEMENTS = (
    "CREATE SCHEMA inventory",
    """
    CREATE TABLE inventory.stock (
        id integer GENERATED ALWAYS AS IDENTITY,
        warehouse_id uuid NOT NULL,
        product_id uuid NOT NULL,
        quantity bigint NOT NULL DEFAULT 0,
        parked integer NOT NULL DEFAULT 0,
        needs_fold boolean NOT NULL DEFAULT false,
        CONSTRAINT stock_pkey PRIMARY KEY (id),
        CONSTRAINT stock_warehouse_id_product_id_key UNIQUE (warehouse_id, product_id),
        CONSTRAINT stock_quantity_check CHECK (quantity >= 0),
        CONSTRAINT stock_parked_check CHECK (parked >= 0)
    ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02)
    """,
    "CREATE SEQUENCE inventory.event_seq MINVALUE 0 START 0",
    """
    CREATE TABLE inventory.event (
        seq bigint NOT NULL,
        kind smallint NOT NULL,
        source smallint,
        stock_id integer NOT NULL,
        delta bigint NOT NULL,
        balance bigint,
        occurred_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        first_seq bigint,
        movement_id uuid NOT NULL,
        envelope_id uuid,
        CONSTRAINT event_pkey PRIMARY KEY (seq),
        CONSTRAINT event_balance_check CHECK (balance >= 0)
    ) PARTITION BY RANGE (seq)
    """,
    "CREATE INDEX event_stock_id_seq_idx ON inventory.event (stock_id, seq)",
    "CREATE TABLE inventory.event_0 PARTITION OF inventory.event FOR VALUES FROM (0) TO (1000000000)",
    "CREATE UNIQUE INDEX event_0_movement_key ON inventory.event_0 (movement_id, kind)",
    "CREATE UNIQUE INDEX event_0_envelope_key ON inventory.event_0 (envelope_id, source)",
    """
    CREATE TABLE inventory.segment (
        number integer CONSTRAINT segment_pkey PRIMARY KEY,
        state text NOT NULL CONSTRAINT segment_state_check CHECK (state IN ('hot', 'frozen', 'settled'))
    )
    """,
    "INSERT INTO inventory.segment VALUES (0, 'hot')",
    """
    CREATE TABLE inventory.settled_key (
        id uuid NOT NULL,
        class smallint NOT NULL,
        seq bigint NOT NULL,
        CONSTRAINT settled_key_pkey PRIMARY KEY (id, class)
    )
    """,
    """
    CREATE FUNCTION inventory.old_keys(ids uuid[]) RETURNS TABLE (id uuid, class smallint, seq bigint)
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT k.id, k.class, k.seq FROM inventory.settled_key k WHERE k.id = ANY ($1)
    $$
    """,
    """
    CREATE FUNCTION inventory.kept_key(id uuid, class smallint) RETURNS SETOF bigint
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT seq FROM inventory.settled_key WHERE id = $1 AND class = $2
        UNION ALL SELECT seq FROM inventory.event_0 WHERE $2 <= 2 AND movement_id = $1 AND kind = $2
        UNION ALL SELECT seq FROM inventory.event_0
        WHERE $2 >= 10000 AND envelope_id = $1 AND source = $2 - 10000
        OFFSET 0
    $$
    """,
    """
    CREATE TABLE inventory.open_half (
        movement_id uuid CONSTRAINT open_half_pkey PRIMARY KEY,
        seq bigint NOT NULL,
        stock_id integer NOT NULL,
        delta bigint NOT NULL,
        occurred_at timestamptz NOT NULL,
        applied boolean NOT NULL
    ) WITH (autovacuum_vacuum_scale_factor = 0.05)
    """,
    """
    CREATE INDEX open_half_in_transit_idx ON inventory.open_half (occurred_at, movement_id)
        WHERE delta < 0 AND applied
    """,
    """
    CREATE TABLE inventory.parked (
        seq bigint CONSTRAINT parked_pkey PRIMARY KEY,
        stock_id integer NOT NULL,
        amount bigint NOT NULL,
        occurred_at timestamptz NOT NULL,
        movement_id uuid NOT NULL
    )
    """,
    """
    CREATE INDEX parked_stock_id_occurred_at_movement_id_idx
        ON inventory.parked (stock_id, occurred_at, movement_id)
    """,
    """
    CREATE TABLE inventory.adjustment (
        id uuid CONSTRAINT adjustment_pkey PRIMARY KEY,
        stock_id integer NOT NULL,
        seq bigint NOT NULL,
        delta bigint NOT NULL,
        balance bigint NOT NULL,
        reason text NOT NULL,
        note text NOT NULL,
        actor text NOT NULL,
        created_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX adjustment_stock_id_id_idx ON inventory.adjustment (stock_id, id)",
    """
    CREATE TABLE inventory.quarantine (
        id uuid CONSTRAINT quarantine_pkey PRIMARY KEY,
        identity text NOT NULL CONSTRAINT quarantine_identity_key UNIQUE,
        reason text NOT NULL,
        state text NOT NULL DEFAULT 'open'
            CONSTRAINT quarantine_state_check CHECK (state IN ('open', 'applied', 'discarded')),
        door text NOT NULL CONSTRAINT quarantine_door_check CHECK (door IN ('kafka', 'webhook')),
        topic text,
        partition integer,
        "offset" bigint,
        raw bytea,
        movement_id uuid,
        details jsonb NOT NULL,
        times integer NOT NULL DEFAULT 1,
        first_seen timestamptz NOT NULL,
        last_seen timestamptz NOT NULL,
        closed_by text,
        closed_at timestamptz,
        note text
    )
    """,
    "CREATE INDEX quarantine_reason_id_idx ON inventory.quarantine (reason, id)",
    "CREATE INDEX quarantine_open_idx ON inventory.quarantine (reason, id) WHERE state = 'open'",
    "CREATE INDEX quarantine_open_movement_idx ON inventory.quarantine (movement_id) WHERE state = 'open'",
)


def upgrade() -> None:
    """Make it."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take it back; its data is lost."""
    op.execute("DROP SCHEMA inventory CASCADE")
