"""API keys, second factors and Telegram links; of secrets only what nobody can read."""

from alembic import op

revision = "identity_0002"
down_revision = "identity_0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE identity.api_key (
        id uuid CONSTRAINT api_key_pkey PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES identity.account (id) ON DELETE CASCADE,
        prefix text NOT NULL CONSTRAINT api_key_prefix_key UNIQUE,
        digest bytea NOT NULL,
        name text NOT NULL,
        scopes text[] NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz,
        used_at timestamptz
    )
    """,
    "CREATE INDEX api_key_account_id_id_idx ON identity.api_key (account_id, id)",
    """
    CREATE TABLE identity.totp (
        account_id uuid CONSTRAINT totp_pkey PRIMARY KEY REFERENCES identity.account (id) ON DELETE CASCADE,
        sealed text NOT NULL,
        created_at timestamptz NOT NULL,
        confirmed_at timestamptz,
        last_step bigint NOT NULL
    )
    """,
    """
    CREATE TABLE identity.recovery_code (
        account_id uuid NOT NULL REFERENCES identity.account (id) ON DELETE CASCADE,
        digest bytea NOT NULL,
        CONSTRAINT recovery_code_pkey PRIMARY KEY (account_id, digest)
    )
    """,
    """
    CREATE TABLE identity.telegram_link (
        account_id uuid CONSTRAINT telegram_link_pkey PRIMARY KEY
            REFERENCES identity.account (id) ON DELETE CASCADE,
        telegram_id bigint NOT NULL CONSTRAINT telegram_link_telegram_id_key UNIQUE,
        name text NOT NULL,
        username text,
        linked_at timestamptz NOT NULL
    )
    """,
)


def upgrade() -> None:
    """Make them."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take them back; keys stop to work, second factors and links are lost."""
    for table in ("telegram_link", "recovery_code", "totp", "api_key"):
        op.execute(f"DROP TABLE identity.{table}")
