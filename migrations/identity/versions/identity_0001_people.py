"""Accounts, their sessions and tokens, and one-time codes."""

from alembic import op

revision = "identity_0001"
down_revision = None
branch_labels = ("identity",)
depends_on = None

STATEMENTS = (
    "CREATE SCHEMA identity",
    """
    CREATE TABLE identity.account (
        id uuid CONSTRAINT account_pkey PRIMARY KEY,
        created_at timestamptz NOT NULL,
        email text,
        email_key text CONSTRAINT account_email_key_key UNIQUE,
        email_verified_at timestamptz,
        username text,
        username_key text CONSTRAINT account_username_key_key UNIQUE,
        phone text CONSTRAINT account_phone_key UNIQUE,
        phone_verified_at timestamptz,
        password_hash text,
        status text NOT NULL CONSTRAINT account_status_check CHECK (status IN ('active', 'blocked', 'deleted')),
        blocked_reason text,
        delete_at timestamptz,
        language text NOT NULL,
        timezone text NOT NULL,
        version integer NOT NULL,
        authz_version integer NOT NULL
    )
    """,
    """
    CREATE TABLE identity.session (
        id uuid CONSTRAINT session_pkey PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES identity.account (id) ON DELETE CASCADE,
        kind text NOT NULL CONSTRAINT session_kind_check CHECK (kind IN ('bearer', 'cookie', 'impersonation')),
        created_at timestamptz NOT NULL,
        used_at timestamptz NOT NULL,
        proven_at timestamptz,
        expires_at timestamptz NOT NULL,
        token_hash bytea,
        old_token_hash bytea,
        rotated_at timestamptz,
        address text NOT NULL,
        agent text NOT NULL,
        impersonator_id uuid,
        ended_at timestamptz,
        end_reason text,
        CONSTRAINT session_ended_check CHECK ((ended_at IS NULL) = (end_reason IS NULL))
    )
    """,
    "CREATE INDEX session_account_id_id_idx ON identity.session (account_id, id)",
    "CREATE INDEX session_live_idx ON identity.session (account_id) WHERE ended_at IS NULL",
    """
    CREATE TABLE identity.refresh_token (
        hash bytea CONSTRAINT refresh_token_pkey PRIMARY KEY,
        session_id uuid NOT NULL REFERENCES identity.session (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL,
        parent_hash bytea,
        used_at timestamptz
    )
    """,
    "CREATE INDEX refresh_token_session_id_idx ON identity.refresh_token (session_id)",
    """
    CREATE TABLE identity.code (
        id uuid CONSTRAINT code_pkey PRIMARY KEY,
        purpose text NOT NULL,
        target text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        account_id uuid REFERENCES identity.account (id) ON DELETE CASCADE,
        secret_hash bytea,
        link_hash bytea,
        tries integer NOT NULL,
        bound_to text NOT NULL,
        used_at timestamptz
    )
    """,
    "CREATE UNIQUE INDEX code_account_id_purpose_key ON identity.code (account_id, purpose)",
    "CREATE UNIQUE INDEX code_target_key ON identity.code (target, purpose) WHERE account_id IS NULL",
    "CREATE UNIQUE INDEX code_link_hash_key ON identity.code (link_hash)",
)


def upgrade() -> None:
    """Make them."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take them back; all people are lost."""
    op.execute("DROP SCHEMA identity CASCADE")
