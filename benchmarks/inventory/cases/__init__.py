"""The cases of inventory in the order in which they run; each is in a file of its own."""

from typing import Any

from benchmarks.cases import Case
from benchmarks.inventory.cases import (
    apply,
    budgets,
    consumer,
    growth,
    hot,
    memory,
    plain,
    reads,
    relay,
    stampede,
    webhook,
)

CASES: tuple[Case[Any], ...] = (
    budgets.CASE,
    consumer.CASE,
    apply.CASE,
    reads.CASE,
    plain.CASE,
    webhook.CASE,
    stampede.CASE,
    relay.CASE,
    hot.CASE,
    memory.CASE,
    growth.CASE,
)
