"""Runs migrations on the connection that ``adapters.postgres.migrate`` opened."""

from alembic import context
from sqlalchemy import text

connection = context.config.attributes["connection"]
connection.execute(text("CREATE SCHEMA IF NOT EXISTS kernel"))
connection.commit()
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    version_table="schema_version",
    version_table_schema="kernel",
    include_schemas=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
