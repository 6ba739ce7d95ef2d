"""G19: many askers miss one key of the cache at once."""

from contextlib import ExitStack

import msgspec

from benchmarks.cases import Bench, Case
from benchmarks.processes import result_of, running
from benchmarks.servers import Servers

ASKERS = 1000
PROCESSES = (1, 4)
ABOUT = """1000 askers, in one process or dealt to four, ask for a key that Redis does not have; a load takes 10 ms. The
figure is the number of loads.
"""


class Size(msgspec.Struct, frozen=True):
    """How often."""

    rounds: int


class Figures(msgspec.Struct, frozen=True):
    """Loads of all processes together."""

    loads: float


def measure(bench: Bench[Servers], size: Size) -> None:
    """Count the loads."""
    asked = iter(range(1_000_000))

    def run(variant: str) -> Figures:
        count, key = int(variant.split(maxsplit=1)[0]), f"stampede:{next(asked)}"
        told = {"redis": bench.servers.redis, "key": key, "askers": ASKERS // count}
        with ExitStack() as stack:
            children = [
                stack.enter_context(running("benchmarks.inventory.stampede_ours", **told)) for _ in range(count)
            ]
            for child in children:
                assert child.stdout is not None
                child.stdout.readline()
            for child in children:
                assert child.stdin is not None
                child.stdin.write("go\n")
                child.stdin.flush()
            return Figures(sum(result_of(child)["loads"] for child in children))

    found = bench.rounds("stampede", [f"{count} processes" for count in PROCESSES], size.rounds, run)
    for count, figures in zip(PROCESSES, found.values(), strict=True):
        name = f"G19 loads of a key that {ASKERS} askers miss at once, processes: {count}"
        bench.at_most(name, max(each.loads for each in figures), count)


CASE = Case("stampede", {"tiny": Size(1), "smoke": Size(1), "quick": Size(5), "full": Size(9)}, measure, ABOUT)
