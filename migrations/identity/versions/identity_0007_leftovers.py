"""What nobody needs any more is found by its age."""

from alembic import op

revision = "identity_0007"
down_revision = "identity_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    op.execute("CREATE INDEX session_over_idx ON identity.session (COALESCE(ended_at, expires_at))")
    op.execute("CREATE INDEX code_expires_at_idx ON identity.code (expires_at)")
    op.execute("CREATE INDEX account_leaving_idx ON identity.account (delete_at) WHERE status = 'deleted'")


def downgrade() -> None:
    """Take them back."""
    for index in ("session_over_idx", "code_expires_at_idx", "account_leaving_idx"):
        op.execute(f"DROP INDEX identity.{index}")
