"""The audit trail."""

from alembic import op

revision = "kernel_0001"
down_revision = None
branch_labels = ("kernel",)
depends_on = None


def upgrade() -> None:
    """Make it."""
    op.execute(
        """
        CREATE TABLE kernel.audit (
            id uuid CONSTRAINT audit_pkey PRIMARY KEY,
            at timestamptz NOT NULL,
            actor text NOT NULL,
            action text NOT NULL,
            object_id text NOT NULL,
            details jsonb NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX audit_object_id_id_idx ON kernel.audit (object_id, id)")


def downgrade() -> None:
    """Take it back; its data is lost."""
    op.execute("DROP TABLE kernel.audit")
