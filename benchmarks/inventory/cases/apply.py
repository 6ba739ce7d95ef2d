"""G9: the apply stage alone beside the limit of the same work."""

import msgspec

from benchmarks.cases import Bench, Case, column
from benchmarks.inventory import apply
from benchmarks.servers import Servers

ABOUT = f"""Batches of {apply.BATCH} events that are in memory already, one transaction each. `lim_batch` leaves the
same rows and the same stocks, but puts the ledger into a table without keys by `COPY`, changes stocks without asking,
and looks nothing up: the limit of what this server takes. Above it Soty finds out what is new and keeps the two unique
indexes of the hot segment, which cost most of the rest.
"""


class Size(msgspec.Struct, frozen=True):
    """Events of one round."""

    rounds: int
    events: int


def measure(bench: Bench[Servers], size: Size) -> None:
    """Apply with both."""
    found = bench.rounds(
        "apply", [apply.OURS, apply.LIMIT], size.rounds, lambda variant: apply.run(bench.servers, variant, size.events)
    )
    ours, limit = (column(figures, "rate") for figures in found.values())
    bench.at_least("G9 apply stage / the same rows without keys", ours, limit, 0.5)


CASE = Case(
    "apply",
    {"tiny": Size(1, 5000), "smoke": Size(1, 20_000), "quick": Size(7, 60_000), "full": Size(9, 100_000)},
    measure,
    ABOUT,
)
