"""What does not depend on the machine, the guard against regressions where speed cannot be judged."""

from benchmarks.cases import LEVELS, Bench, Case
from benchmarks.inventory import budgets
from benchmarks.servers import Servers

STATEMENTS_A_BATCH = 8


def measure(bench: Bench[Servers], _: None) -> None:
    """Count, once."""
    found = budgets.count(bench.servers)
    bench.at_most("statements of a read by id", found.read, 1)
    bench.at_most("statements of 50 reads at once", found.reads_together, 3)
    bench.at_most("statements of a batch of 1000, begin and commit included", found.batch, STATEMENTS_A_BATCH)
    bench.at_most("commands of Redis of a cached read", found.commands, 1)
    bench.at_most("commands of Redis of 50 cached reads at once", found.commands_together, 1)
    bench.at_most("statements that SQLAlchemy compiles after the warm-up", found.compiled, 0)
    bench.at_most("G17 objects in cycles that a read leaves", found.garbage_read, 1)
    bench.at_most("G17 objects in cycles that a cached read leaves", found.garbage_cached, 1)
    bench.at_most("G17 objects in cycles that an event of a batch leaves", found.garbage_event, 1)


CASE = Case[None]("budgets", dict.fromkeys(LEVELS), measure)
