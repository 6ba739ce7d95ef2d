"""Numbers of the consumer for Prometheus."""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping

from prometheus_client import Counter, Gauge, Histogram

from entrypoints.shared.metrics import Metrics

SIZES = (1, 3, 10, 30, 100, 300, 1000, 3000)
SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)


class IntakeMetrics:
    """What went in, how fast, and what waits."""

    def __init__(self, metrics: Metrics) -> None:
        """:param metrics: the numbers of the process, which these join."""
        registry = metrics.registry
        self._messages = Counter("soty_consumer_messages", "Messages by outcome.", ["outcome"], registry=registry)
        self._sizes = Histogram("soty_consumer_batch_messages", "Messages a batch.", buckets=SIZES, registry=registry)
        self._seconds = Histogram(
            "soty_consumer_batch_seconds", "Seconds to apply a batch.", buckets=SECONDS, registry=registry
        )
        self._failures = Counter("soty_consumer_failures", "Attempts that failed.", ["error"], registry=registry)
        self._lag = Gauge("soty_consumer_lag", "Messages known to wait.", ["topic"], registry=registry)

    def applied(self, outcomes: Iterable[str], seconds: float) -> None:
        """Count messages of one transaction."""
        tally = Tally(outcomes)
        for outcome, times in tally.items():
            self._messages.labels(outcome).inc(times)
        self._sizes.observe(tally.total())
        self._seconds.observe(seconds)

    def set_aside(self) -> None:
        """Count a message that made us fail."""
        self._messages.labels("unprocessable").inc()

    def failed(self, error: Exception) -> None:
        """Count an attempt that will be repeated."""
        self._failures.labels(type(error).__name__).inc()

    def lag(self, waiting: Mapping[str, int]) -> None:
        """Show how many messages wait, by topic."""
        for topic, messages in waiting.items():
            self._lag.labels(topic).set(messages)
