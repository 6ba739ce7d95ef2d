"""Calls of curl that show what there is, on ids of the demo data."""

import msgspec
from msgspec import Struct

from entrypoints.cli.demo.plan import LOST, OVERTAKEN, SHORT, Plan

KEY = '-H "Authorization: Bearer $SOTY_API_KEY"'


class Stop(Struct, frozen=True):
    """One call and what it shows."""

    shows: str
    call: str


def tour(plan: Plan, address: str) -> list[Stop]:
    """The calls, each of which works as it stands where ``SOTY_API_KEY`` is exported.

    :param address: of the API.
    """
    warehouse, item = plan.warehouses[0], plan.products[0]
    stock = f"/api/v1/warehouse/{warehouse}/products/{item}"
    sent = msgspec.json.encode(plan.new_message()).decode()
    week_ago = f"{plan.end:%Y-%m-%d}T00:00:00Z"
    places = {
        "a stock": stock,
        "the same stock as it was on the last day of the data": f"{stock}?as_of={week_ago}",
        "every change of it, the newest first": f"{stock}/ledger?limit=5",
        "what lies in a warehouse": f"/api/v1/warehouse/{warehouse}/products?limit=5",
        "a movement of which less arrived than had left": f"/api/v1/movements/{plan.chosen(SHORT).id}",
        "one whose arrival was told before its departure": f"/api/v1/movements/{plan.chosen(OVERTAKEN).id}",
        "one that never arrived": f"/api/v1/movements/{plan.chosen(LOST).id}",
        "goods under way": "/api/v1/warehouse/in-transit?limit=5",
        "shortages and surpluses nobody has decided about": "/api/v1/movements?variance=open&limit=5",
        "alerts about low stocks and late goods": "/api/v1/warehouse/alerts?limit=5",
        "messages in quarantine": "/api/v1/warehouse/quarantine?limit=5",
        "a stocktake under way": f"/api/v1/warehouse/stocktakes?warehouse_id={plan.warehouses[1]}",
        "all stocks as a table": "/api/v1/warehouse/export.csv",
        "what runs, on what, and what waits": "/ops/overview",
    }
    json = "-H 'Content-Type: application/json'"
    send = Stop(
        "send a departure; once more, and it is a duplicate",
        f"curl -sS {address}/api/v1/kafka/webhook {KEY} {json} -d '{sent}'",
    )
    return [*(Stop(shows, f"curl -sS '{address}{path}' {KEY}") for shows, path in places.items()), send]
