"""Events by their places, segment by segment.

A join with the whole ledger begins with one plan for each of its segments, however few of them the places are in.
"""

from alembic import op

revision = "inventory_0009"
down_revision = "inventory_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the function; takes milliseconds."""
    op.execute("""
        CREATE FUNCTION inventory.events_at(places bigint[]) RETURNS SETOF inventory.event
        LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10 AS $$
        DECLARE
            width CONSTANT bigint := 1000000000;
            place bigint;
            segment_end bigint := 0;
        BEGIN
            FOREACH place IN ARRAY places LOOP
                IF place >= segment_end THEN
                    segment_end := (place / width + 1) * width;
                    RETURN QUERY SELECT * FROM inventory.event
                        WHERE seq = ANY (places) AND seq >= segment_end - width AND seq < segment_end;
                END IF;
            END LOOP;
        END $$""")


def downgrade() -> None:
    """Remove the function; takes milliseconds."""
    op.execute("DROP FUNCTION inventory.events_at")
