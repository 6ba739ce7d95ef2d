"""When how many events were durable, noted inside the consumer that is measured."""

import json
import time
from collections.abc import Sequence

WARM_UP = 0.1


class Marks:
    """The first note after the warm-up, and the last.

    Where one transaction took all events, the time since the start counts.
    """

    def __init__(self, events: int, warm_up: float = WARM_UP) -> None:
        """:param events: how many there will be.
        :param warm_up: their share that is left out of the figures.
        """
        self._events = events
        self._warm_up = events * warm_up
        self._done = 0
        self._notes: list[Sequence[float]] = []
        self._start = (0, time.perf_counter(), time.process_time())

    def add(self, events: int) -> bool:
        """Note a commit.

        :returns: whether all events are done.
        """
        self._done += events
        if not self._notes and self._done < self._warm_up:
            return False
        if not self._notes or self._done >= self._events:
            self._notes.append((self._done, time.perf_counter(), time.process_time()))
        return self._done >= self._events

    def report(self) -> None:
        """Write the figures of the time after the warm-up."""
        (last, ended, cpu_then), (first, began, cpu) = self._notes[-1], self._notes[0]
        if first == last:
            first, began, cpu = self._start
        count = last - first
        print(
            json.dumps(
                {
                    "rate": count / (ended - began),
                    "client_us": (cpu_then - cpu) / count * 1e6,
                    "done": self._done,
                }
            ),
            flush=True,
        )
