"""Sessions are found by who acts in them as another."""

from alembic import op

revision = "identity_0005"
down_revision = "identity_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.execute("CREATE INDEX session_impersonator_idx ON identity.session (impersonator_id) WHERE ended_at IS NULL")


def downgrade() -> None:
    """Take it back."""
    op.execute("DROP INDEX identity.session_impersonator_idx")
