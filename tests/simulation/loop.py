"""An event loop without sockets, threads or real time, in which a seed decides what runs first."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeVar

from core.kernel.clock import Clock

T = TypeVar("T")

START = datetime(2026, 1, 1, tzinfo=UTC)
MOST_STEPS = 200_000


class Stuck(Exception):
    """Nothing can happen any more, or something happens without end."""


class _NoIO(selectors.BaseSelector):
    """Waiting for sockets only moves the clock."""

    def __init__(self, loop: "SimLoop") -> None:
        self._loop = loop

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        raise Stuck("a simulation has no sockets")

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        raise Stuck("a simulation has no sockets")

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return {}

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise Stuck("every task waits for another")
        self._loop.forward(max(timeout, 0))
        return []


class SimLoop(asyncio.SelectorEventLoop):
    """Runs the same in every process that is given the same seed and the same code."""

    _ready: Any

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self._now = 0.0
        self._steps = 0
        self.unhandled: list[dict[str, Any]] = []
        super().__init__(_NoIO(self))
        self.set_exception_handler(lambda _, context: self.unhandled.append(context))

    def time(self) -> float:
        """Virtual seconds since the start."""
        return self._now

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:  # type: ignore[override]
        """Refuse: threads are not deterministic."""
        raise Stuck("a simulation has no threads")

    def _make_self_pipe(self) -> None:
        """No other thread wakes this loop."""

    def _close_self_pipe(self) -> None:
        """There is none."""

    def _run_once(self) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise Stuck(f"still busy after {MOST_STEPS} steps")
        if len(self._ready) > 1:
            ready = list(self._ready)
            self.rng.shuffle(ready)
            self._ready.clear()
            self._ready.extend(ready)
        super()._run_once()  # type: ignore[misc]


class SimClock(Clock):
    """The time of a loop."""

    def __init__(self, loop: SimLoop) -> None:
        self._loop = loop

    def now(self) -> datetime:
        """The start of 2026 and what has passed since."""
        return START + timedelta(seconds=self._loop.time())


def simulate(loop: SimLoop, main: Coroutine[Any, Any, T]) -> T:
    """Run to the end, then end whatever is left; the loop is closed.

    :raises Stuck: it cannot end.
    """
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(main)
    finally:
        try:
            left = asyncio.all_tasks(loop)
            for task in sorted(left, key=lambda task: task.get_name()):
                task.cancel()
            if left:
                loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        finally:
            asyncio.set_event_loop(None)
            loop.close()
