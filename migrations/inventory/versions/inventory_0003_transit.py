"""Which goods under way are overdue, and how long they may be under way."""

from alembic import op

revision = "inventory_0003"
down_revision = "inventory_0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE inventory.open_half ADD COLUMN state smallint NOT NULL DEFAULT 0",
    "CREATE INDEX open_half_overdue_idx ON inventory.open_half (occurred_at, movement_id) WHERE state = 1",
    """
    CREATE TABLE inventory.transit_limit (
        warehouse_id uuid CONSTRAINT transit_limit_pkey PRIMARY KEY,
        hours integer CONSTRAINT transit_limit_hours_check CHECK (hours > 0)
    )
    """,
)


def upgrade() -> None:
    """Make it; no row is rewritten."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take it back; marks and limits are lost."""
    op.execute("DROP TABLE inventory.transit_limit")
    op.execute("ALTER TABLE inventory.open_half DROP COLUMN state")
