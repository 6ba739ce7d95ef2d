"""The overview for machines."""

from datetime import UTC, datetime

from core.kernel.outbox import Backlog
from core.operations.permissions import READ
from entrypoints.http.operation import Call, NoQuery, Operation
from entrypoints.http.ops.overview import Adapter, Build, ModuleCard, Ops, Overview, Process, Quarantined


async def read_overview(ops: Ops, call: Call[NoQuery, None]) -> Overview:
    """Everything at a glance."""
    return await ops.look(call.actor)


AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
EXAMPLE = Overview(
    at=AT,
    state="up",
    processes=[
        Process(part="http", state="up", here=True, started_at=AT, seconds=61.0, pid=4711, host="soty-1"),
        Process(part="scheduler", state="missing"),
    ],
    adapters=[
        Adapter(
            port="store",
            adapter="postgres",
            why="set",
            setting="SOTY_POSTGRES_URL",
            origin="environment",
            address="postgresql://soty:***@db:5432/soty",
            state="up",
            milliseconds=0.62,
        )
    ],
    backlog=[Backlog("kafka", 3, AT, 1, 0, 2)],
    quarantine=Quarantined(open=2, oldest_seconds=65.5, parked=1),
    modules=[
        ModuleCard(
            name="operations",
            summary="What is on its way to subscribers.",
            use_cases=["GetBacklog"],
            facts=[],
            errors=2,
            routes=7,
        )
    ],
    build=Build(version="0.1.0", commit="7730c84e23da", python="3.13.0", profile="prod"),
    failed=[],
)

OPERATIONS = (
    Operation(
        method="GET",
        path="/ops/overview",
        tag="platform",
        summary="See processes, adapters, modules and what waits",
        acts_on=Ops,
        act=read_overview,
        permission=READ,
        answer=Overview,
        example=EXAMPLE,
    ),
)
