"""What somebody decided about a movement: to cancel it, or what had become of its variance."""

from alembic import op

revision = "inventory_0005"
down_revision = "inventory_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    op.execute(
        """
        CREATE TABLE inventory.decision (
            movement_id uuid CONSTRAINT decision_pkey PRIMARY KEY,
            outcome text NOT NULL CONSTRAINT decision_outcome_check
                CHECK (outcome IN ('cancelled', 'lost', 'damaged', 'miscounted', 'found')),
            note text NOT NULL,
            actor text NOT NULL,
            decided_at timestamptz NOT NULL
        )
        """
    )


def downgrade() -> None:
    """Take it back; decisions are lost, and cancelled movements show as waiting ones."""
    op.execute("DROP TABLE inventory.decision")
