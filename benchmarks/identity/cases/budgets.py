"""What does not depend on the machine, the guard against regressions where speed cannot be judged."""

from benchmarks.cases import LEVELS, Bench, Case
from benchmarks.identity import budgets
from benchmarks.servers import Servers

MOST = {
    "me by bearer": (2, 1),
    "me by cookie": (2, 1),
    "refresh": (9, 0),
    "sign-in": (11, 5),
}
"""Statements, begin and commit included, and commands of Redis."""


def measure(bench: Bench[Servers], _: None) -> None:
    """Count, once."""
    for name, found in budgets.count(bench.servers).items():
        statements, commands = MOST[name]
        bench.at_most(f"statements of {name}, begin and commit included", found.statements, statements)
        bench.at_most(f"commands of Redis of {name}", found.commands, commands)
        bench.at_most(f"objects in cycles that {name} leaves", found.garbage, 1)
        bench.at_most(f"statements that SQLAlchemy compiles for {name} after the first", found.compiled, 0)


CASE = Case[None]("budgets", dict.fromkeys(LEVELS), measure)
