"""Roles that are made here, who has which role, and how that came to be."""

from alembic import op

revision = "identity_0004"
down_revision = "identity_0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE identity.role (
        id uuid CONSTRAINT role_pkey PRIMARY KEY,
        name text NOT NULL CONSTRAINT role_name_key UNIQUE,
        permissions text[] NOT NULL
    )
    """,
    """
    CREATE TABLE identity.account_role (
        account_id uuid NOT NULL,
        role_id uuid NOT NULL,
        CONSTRAINT account_role_pkey PRIMARY KEY (account_id, role_id)
    )
    """,
    "CREATE INDEX account_role_role_id_account_id_idx ON identity.account_role (role_id, account_id)",
    """
    CREATE TABLE identity.role_change (
        id uuid CONSTRAINT role_change_pkey PRIMARY KEY,
        account_id uuid NOT NULL,
        role_id uuid NOT NULL,
        role text NOT NULL,
        given boolean NOT NULL,
        by text NOT NULL,
        at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX role_change_account_id_id_idx ON identity.role_change (account_id, id)",
)


def upgrade() -> None:
    """Make them."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take them back; nobody has a role then."""
    for table in ("role_change", "account_role", "role"):
        op.execute(f"DROP TABLE identity.{table}")
