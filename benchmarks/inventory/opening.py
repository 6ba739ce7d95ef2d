"""What is there before the first message: the stock of both, ours and the peers'."""

from benchmarks.inventory.peers.models import Base
from benchmarks.inventory.workload import OPENING, Workload
from benchmarks.servers import connected, make_tables


async def fill(url: str) -> None:
    """Give every product to every warehouse."""
    rows = [(warehouse, product, OPENING) for warehouse, product in Workload().quantities]
    columns = ["warehouse_id", "product_id", "quantity"]
    async with connected(url) as connection:
        await make_tables(connection, Base.metadata)
        for schema in ("inventory", "peer"):
            await connection.copy_records_to_table("stock", schema_name=schema, columns=columns, records=rows)
            await connection.execute(f"VACUUM ANALYZE {schema}.stock")
