"""G5, G6: an answer without input or output, and what it costs that a container composes the process."""

import itertools

from benchmarks.cases import Bench, Case, column
from benchmarks.driver import get
from benchmarks.goals import within
from benchmarks.served import Size, Variant, garbage_goals, side_by_side, speeds
from benchmarks.servers import Servers

PEERS = "benchmarks.inventory.peers"
REQUEST = get("/health/live")
MODULES = {
    "ours": "benchmarks.http_ours",
    "by_hand": "benchmarks.inventory.http_by_hand",
    "bare_asgi": f"{PEERS}.plain_asgi",
    "starlette": f"{PEERS}.plain_starlette",
    "fastapi": f"{PEERS}.plain_fastapi",
    "ours:again": "benchmarks.http_ours",
}
CONTROL = 0.08
ABOUT = """`GET /health/live`: an object becomes JSON, and nothing is read or written. Ours counts the request, gives it
an id, and sends the headers that every answer has; the others do not. `by_hand` is our application with every object
made by hand instead of by the container.
"""


def measure(bench: Bench[Servers], size: Size) -> None:
    """Ask every server the same."""

    def round_of() -> dict[str, object]:
        variants = [Variant(name, module, {}, itertools.repeat(REQUEST)) for name, module in MODULES.items()]
        found = side_by_side(variants, size.seconds, [REQUEST])
        return {name: served.figures() for name, served in found.items()}

    found = bench.together("plain JSON", size.rounds, round_of)
    speed, by = speeds(found)
    bench.at_least("G5 plain JSON / bare ASGI", speed["ours"], speed["bare_asgi"], 0.42, by=by)
    bench.at_least("G5 plain JSON / FastAPI", speed["ours"], speed["fastapi"], 1.35, by=by)
    bench.shown("plain JSON / Starlette", speed["ours"], speed["starlette"], by=by)
    costs, late = ({name: column(figures, what) for name, figures in found.items()} for what in ("cpu_us", "p99"))
    bench.ratio_at_most(
        "G6 processor time of the wired application / wired by hand", costs["ours"], costs["by_hand"], 1.1
    )
    bench.ratio_at_most("G6 p99 of the wired application / wired by hand", late["ours"], late["by_hand"], 1.25)
    bench.goals.append(within("control: plain JSON / the same again", speed["ours"], speed["ours:again"], CONTROL))
    garbage_goals(bench, "plain answer", found["ours"])


CASE = Case(
    "plain JSON",
    {"tiny": Size(1, 0.1), "smoke": Size(1, 0.3), "quick": Size(7, 0.8), "full": Size(9, 1.2)},
    measure,
    ABOUT,
)
