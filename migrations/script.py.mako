"""${message}

Revision: ${up_revision}
Down to: ${down_revision | comma,n}
"""

from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Make it."""
    ${upgrades if upgrades else "op.execute('')"}


def downgrade() -> None:
    """Take it back; its data is lost."""
    ${downgrades if downgrades else "op.execute('')"}
