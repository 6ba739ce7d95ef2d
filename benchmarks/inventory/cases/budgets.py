"""What does not depend on the machine."""

from benchmarks.cases import LEVELS, Bench, Case
from benchmarks.inventory import budgets
from benchmarks.inventory.servers import Servers

STATEMENTS_A_BATCH = 9


def measure(bench: Bench[Servers], _: None) -> None:
    """Count, once."""
    found = budgets.count(bench.servers)
    bench.at_most("statements of a read by id", found.read, 1)
    bench.at_most("statements of 50 reads at once", found.reads_together, 3)
    bench.at_most("statements of a batch of 1000, begin and commit included", found.batch, STATEMENTS_A_BATCH)


CASE = Case[None]("budgets", dict.fromkeys(LEVELS), measure)
