"""Who signed in, or tried to, from where."""

from alembic import op

revision = "identity_0006"
down_revision = "identity_0005"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE identity.sign_in (
        id uuid CONSTRAINT sign_in_pkey PRIMARY KEY,
        at timestamptz NOT NULL,
        method text NOT NULL,
        outcome text NOT NULL,
        account_id uuid,
        session_id uuid,
        address text NOT NULL,
        agent text NOT NULL
    )
    """,
    "CREATE INDEX sign_in_account_id_id_idx ON identity.sign_in (account_id, id)",
    "CREATE INDEX sign_in_begun_idx ON identity.sign_in (account_id, id) WHERE session_id IS NOT NULL",
    "CREATE INDEX sign_in_at_idx ON identity.sign_in (at)",
)


def upgrade() -> None:
    """Make the table."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take it back; the log is lost."""
    op.execute("DROP TABLE identity.sign_in")
