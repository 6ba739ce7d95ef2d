"""What a process does with facts as soon as they are committed: it counts them.

Those of each movement are left to the consumer, which knows their number for less.
"""

from collections import Counter
from collections.abc import Sequence

import structlog

from core.inventory.events import (
    DepartureParked,
    MessageQuarantined,
    MovementCancelled,
    StockAdjusted,
    StockFellLow,
    StockRecovered,
    StocktakeClosed,
    TransitOverdue,
    TransitOverdueCleared,
    VarianceResolved,
)
from core.kernel.facts import Fact
from core.kernel.work import FactListener
from entrypoints.shared.metrics import Metrics

_log = structlog.stdlib.get_logger("soty.facts")


class MetricsListener(FactListener):
    """Counts facts by name and warns of quarantined messages, once a reason and unit of work."""

    wanted: frozenset[type[Fact]] = frozenset(
        {
            DepartureParked,
            StockAdjusted,
            StockFellLow,
            StockRecovered,
            TransitOverdue,
            TransitOverdueCleared,
            MovementCancelled,
            VarianceResolved,
            StocktakeClosed,
            MessageQuarantined,
        }
    )

    def __init__(self, metrics: Metrics) -> None:
        """:param metrics: where to count."""
        self._metrics = metrics

    def hear(self, facts: Sequence[Fact]) -> None:
        """Count the facts of one committed unit of work."""
        for name, times in Counter(fact.name for fact in facts).items():
            self._metrics.facts.labels(name).inc(times)
        quarantined = Counter((str(f.reason), str(f.door)) for f in facts if isinstance(f, MessageQuarantined))
        for (reason, door), times in quarantined.items():
            self._metrics.quarantined.labels(reason, door).inc(times)
            _log.warning("messages quarantined", reason=reason, door=door, messages=times)
