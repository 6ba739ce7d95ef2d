"""PostgreSQL 15 and newer: one asyncpg pool, statements written in SQLAlchemy Core and compiled once."""
