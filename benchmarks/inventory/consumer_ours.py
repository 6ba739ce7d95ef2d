"""The consumer process of Soty, measured; the entrypoint itself, with notes beside its metrics."""

import asyncio
import json
import sys
from collections.abc import Iterable

import uvloop
from dishka import Provider, Scope

from adapters.kafka.settings import KafkaSettings
from adapters.postgres.settings import PostgresSettings
from benchmarks.inventory.marks import Marks
from core.kernel.secret import Secret
from entrypoints.consumer.main import run
from entrypoints.consumer.metrics import IntakeMetrics
from entrypoints.shared.listening import listen
from entrypoints.shared.metrics import Metrics
from entrypoints.shared.settings import AppSettings, Settings


class Noted(IntakeMetrics):
    """Metrics that stop the process after the last event."""

    def __init__(self, metrics: Metrics, marks: Marks, stop: asyncio.Event) -> None:
        super().__init__(metrics)
        self._marks = marks
        self._stop = stop

    def applied(self, outcomes: Iterable[str], seconds: float) -> None:
        told = list(outcomes)
        super().applied(told, seconds)
        if self._marks.add(len(told)):
            self._stop.set()


async def main(url: str, bootstrap: str, topic: str, events: int, consumers: int = 1) -> None:
    """Consume so many events.

    :param consumers: how many there are, each with a group, connections, and a topic of its own behind its number.
    """
    stop, marks = asyncio.Event(), Marks(events)
    numbers = [""] if consumers == 1 else [f".{number}" for number in range(consumers)]
    await asyncio.gather(*(_consume(url, bootstrap, topic + number, marks, stop) for number in numbers))
    marks.report()


async def _consume(url: str, bootstrap: str, topic: str, marks: Marks, stop: asyncio.Event) -> None:
    noting = Provider(scope=Scope.APP)

    def noted(metrics: Metrics) -> IntakeMetrics:
        return Noted(metrics, marks, stop)

    noting.provide(noted, provides=IntakeMetrics, override=True)
    settings = Settings(
        app=AppSettings(profile="test"),
        postgres=PostgresSettings(url=Secret(url)),
        kafka=KafkaSettings(bootstrap=bootstrap, group=topic, topics=(topic,)),
    )
    await run(settings, listen("127.0.0.1", 0), stop, lambda _: None, [noting])


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
