"""Numbers of a process for Prometheus."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST


class _Elsewhere(Collector):
    def __init__(self, name: str, text: str, label: str, numbers: Callable[[], Mapping[str, int]]) -> None:
        self._name, self._text, self._label, self._numbers = name, text, label, numbers

    def collect(self) -> Iterator[Metric]:
        family = CounterMetricFamily(self._name, self._text, labels=[self._label])
        for value, number in self._numbers().items():
            family.add_metric([value], number)
        yield family


class Metrics:
    """The registry of one process; entrypoints put their own numbers into ``registry``.

    Labels take values from short closed lists only: codes, names of routes, reasons; never ids, paths or texts.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.facts = Counter("soty_facts", "Published facts.", ["name"], registry=self.registry)
        self.quarantined = Counter(
            "soty_inventory_quarantined", "Messages put into quarantine.", ["reason", "door"], registry=self.registry
        )
        self.quarantine_open = Gauge(
            "soty_inventory_quarantine_open", "Messages in quarantine that wait for a decision.", registry=self.registry
        )
        self.quarantine_age = Gauge(
            "soty_inventory_quarantine_oldest_seconds",
            "Age of the oldest message in quarantine that waits for a decision.",
            registry=self.registry,
        )
        self.parked = Gauge(
            "soty_inventory_parked_departures", "Departures that wait for stock.", registry=self.registry
        )

        self.deliveries = Gauge(
            "soty_deliveries", "Deliveries that are not done.", ["subscriber", "state"], registry=self.registry
        )
        self.delivery_age = Gauge(
            "soty_delivery_oldest_seconds",
            "Age of the oldest delivery that is to be done.",
            ["subscriber"],
            registry=self.registry,
        )
        self.delivered = Counter(
            "soty_delivered", "Deliveries taken by subscribers.", ["subscriber"], registry=self.registry
        )

        self.limited = Counter("soty_http_limited", "Calls counted by a limit.", ["outcome"], registry=self.registry)

    def read(self, name: str, text: str, label: str, numbers: Callable[[], Mapping[str, int]]) -> None:
        """Show numbers that are counted elsewhere and only grow.

        :param numbers: asked whenever somebody looks, by value of the label.
        """
        self.registry.register(_Elsewhere(name, text, label, numbers))

    def render(self) -> bytes:
        """All numbers in the text format of Prometheus."""
        return generate_latest(self.registry)
