"""From how many pieces down a stock is low, whether it is, and whether its last change turned that."""

from alembic import op

revision = "inventory_0002"
down_revision = "inventory_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it; no row is rewritten."""
    op.execute(
        """
        ALTER TABLE inventory.stock
            ADD COLUMN threshold bigint CONSTRAINT stock_threshold_check CHECK (threshold >= 0),
            ADD COLUMN is_low boolean NOT NULL DEFAULT false,
            ADD COLUMN turned boolean NOT NULL DEFAULT false
        """
    )


def downgrade() -> None:
    """Take it back; thresholds are lost."""
    op.execute("ALTER TABLE inventory.stock DROP COLUMN threshold, DROP COLUMN is_low, DROP COLUMN turned")
