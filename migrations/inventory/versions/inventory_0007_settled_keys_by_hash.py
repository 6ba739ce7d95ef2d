"""Settled keys are found by one page of a hash index instead of a path through a tree of random ids.

Where there are none yet, the index is made when the first ones are merged: one that grows from nothing under readers
cannot split its first pages while they look at them, and the longer these are, the longer they look.
"""

from alembic import op

revision = "inventory_0007"
down_revision = "inventory_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the index; writers wait while it is made, some seconds for each million of events."""
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute("""
        DO $$ BEGIN
            IF EXISTS (SELECT FROM inventory.settled_key) THEN
                CREATE INDEX settled_key_id_idx ON inventory.settled_key USING hash (id);
            END IF;
        END $$""")
    op.execute("ALTER TABLE inventory.settled_key DROP CONSTRAINT settled_key_pkey")


def downgrade() -> None:
    """Change it back."""
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute("ALTER TABLE inventory.settled_key ADD CONSTRAINT settled_key_pkey PRIMARY KEY (id, class)")
    op.execute("DROP INDEX IF EXISTS inventory.settled_key_id_idx")
