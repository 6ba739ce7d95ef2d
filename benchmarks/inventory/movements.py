"""The movements that servers are asked for, the same in the tables of Soty and of the peers."""

from uuid import UUID

from benchmarks.servers import connected

PATH = "/api/v1/movements/"


async def copy_to_peers(url: str) -> list[UUID]:
    """Give the peers the movements that Soty has, in their own table.

    :returns: the ids of all movements.
    """
    async with connected(url) as connection:
        await connection.execute("""
            INSERT INTO peer.movement
            SELECT e.movement_id, CASE e.kind WHEN 1 THEN 'departure' ELSE 'arrival' END,
                s.warehouse_id, s.product_id, abs(e.delta), e.occurred_at
            FROM inventory.event e JOIN inventory.stock s ON s.id = e.stock_id""")
        for table in ("peer.movement", "inventory.event", "inventory.open_half", "inventory.stock"):
            await connection.execute(f"VACUUM ANALYZE {table}")
        rows = await connection.fetch("SELECT DISTINCT movement_id FROM peer.movement ORDER BY 1")
    return [row[0] for row in rows]
