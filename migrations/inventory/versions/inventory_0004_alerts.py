"""Alerts, of which one at most is open for a kind and subject."""

from alembic import op

revision = "inventory_0004"
down_revision = "inventory_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    op.execute(
        """
        CREATE TABLE inventory.alert (
            id uuid CONSTRAINT alert_pkey PRIMARY KEY,
            kind text NOT NULL CONSTRAINT alert_kind_check CHECK (kind IN ('low_stock', 'overdue_transit')),
            subject text NOT NULL,
            warehouse_id uuid NOT NULL,
            product_id uuid NOT NULL,
            movement_id uuid,
            details jsonb NOT NULL,
            since timestamptz NOT NULL,
            cleared_at timestamptz,
            acked_at timestamptz,
            acked_by text,
            note text
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX alert_open_key ON inventory.alert (kind, subject) WHERE cleared_at IS NULL")
    op.execute("CREATE INDEX alert_open_idx ON inventory.alert (id) WHERE cleared_at IS NULL")


def downgrade() -> None:
    """Take it back; alerts are lost."""
    op.execute("DROP TABLE inventory.alert")
