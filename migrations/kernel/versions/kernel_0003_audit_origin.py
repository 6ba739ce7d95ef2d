"""From where an act came, and who acted as somebody else; acts of before came from nowhere that is known."""

from alembic import op

revision = "kernel_0003"
down_revision = "kernel_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.execute("ALTER TABLE kernel.audit ADD COLUMN impersonator text")
    op.execute("ALTER TABLE kernel.audit ADD COLUMN address text NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE kernel.audit ADD COLUMN agent text NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE kernel.audit ADD COLUMN request text NOT NULL DEFAULT ''")


def downgrade() -> None:
    """Take them back; their data is lost."""
    for column in ("request", "agent", "address", "impersonator"):
        op.execute(f"ALTER TABLE kernel.audit DROP COLUMN {column}")
