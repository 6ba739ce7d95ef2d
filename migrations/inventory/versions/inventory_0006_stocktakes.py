"""Stocktakes, of which one at most is open in a warehouse, and what was counted."""

from alembic import op

revision = "inventory_0006"
down_revision = "inventory_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.execute(
        """
        CREATE TABLE inventory.stocktake (
            id uuid CONSTRAINT stocktake_pkey PRIMARY KEY,
            warehouse_id uuid NOT NULL,
            state text NOT NULL DEFAULT 'open'
                CONSTRAINT stocktake_state_check CHECK (state IN ('open', 'closed', 'cancelled')),
            note text NOT NULL,
            version integer NOT NULL DEFAULT 1,
            lines integer NOT NULL DEFAULT 0,
            surplus bigint NOT NULL DEFAULT 0,
            shortage bigint NOT NULL DEFAULT 0,
            opened_at timestamptz NOT NULL,
            opened_by text NOT NULL,
            ended_at timestamptz,
            ended_by text
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX stocktake_open_key ON inventory.stocktake (warehouse_id) WHERE state = 'open'")
    op.execute(
        """
        CREATE TABLE inventory.stocktake_line (
            stocktake_id uuid NOT NULL,
            product_id uuid NOT NULL,
            counted bigint NOT NULL CONSTRAINT stocktake_line_counted_check CHECK (counted >= 0),
            on_hand bigint NOT NULL,
            counted_at timestamptz NOT NULL,
            counted_by text NOT NULL,
            CONSTRAINT stocktake_line_pkey PRIMARY KEY (stocktake_id, product_id)
        )
        """
    )


def downgrade() -> None:
    """Take them back; what was counted is lost, what was adjusted stays."""
    op.execute("DROP TABLE inventory.stocktake_line")
    op.execute("DROP TABLE inventory.stocktake")
