"""Profiles, addresses with one default for each account, and the networks from which an account may be used."""

from alembic import op

revision = "identity_0003"
down_revision = "identity_0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE identity.profile (
        account_id uuid CONSTRAINT profile_pkey PRIMARY KEY
            CONSTRAINT profile_account_id_fkey REFERENCES identity.account ON DELETE CASCADE,
        first_name text NOT NULL,
        last_name text NOT NULL,
        about text NOT NULL,
        is_public boolean NOT NULL,
        avatar uuid
    )
    """,
    "CREATE UNIQUE INDEX profile_avatar_key ON identity.profile (avatar)",
    """
    CREATE TABLE identity.address (
        id uuid CONSTRAINT address_pkey PRIMARY KEY,
        account_id uuid NOT NULL
            CONSTRAINT address_account_id_fkey REFERENCES identity.account ON DELETE CASCADE,
        label text NOT NULL,
        name text NOT NULL,
        line1 text NOT NULL,
        line2 text NOT NULL,
        city text NOT NULL,
        region text NOT NULL,
        postal_code text NOT NULL,
        country text NOT NULL,
        phone text NOT NULL,
        is_default boolean NOT NULL
    )
    """,
    "CREATE INDEX address_account_id_id_idx ON identity.address (account_id, id)",
    "CREATE UNIQUE INDEX address_default_key ON identity.address (account_id) WHERE is_default",
    """
    CREATE TABLE identity.ip_rule (
        id uuid CONSTRAINT ip_rule_pkey PRIMARY KEY,
        account_id uuid NOT NULL
            CONSTRAINT ip_rule_account_id_fkey REFERENCES identity.account ON DELETE CASCADE,
        network text NOT NULL,
        note text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT ip_rule_account_id_network_key UNIQUE (account_id, network)
    )
    """,
)


def upgrade() -> None:
    """Make them."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take them back; their data is lost."""
    for table in ("ip_rule", "address", "profile"):
        op.execute(f"DROP TABLE identity.{table}")
