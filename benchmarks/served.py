"""HTTP servers side by side, each a fresh process, asked in turns for short whiles, so that all share the hour."""

import json
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import msgspec

from benchmarks.cases import Bench, median
from benchmarks.driver import Told, answer_to, drive
from benchmarks.processes import cpu_of, running

CONNECTIONS = 32
TURNS = 12
COMPARED = 50
BUSY = 0.9


class Size(msgspec.Struct, frozen=True):
    """Rounds, seconds of each server in one round, and movements that are stored before."""

    rounds: int
    seconds: float
    movements: int = 0


class Figures(msgspec.Struct, frozen=True):
    """What one server gave in one round.

    ``busy`` is the share of its processor that it used, ``garbage`` the objects per request that only the collector of
    cycles could free, and ``pause`` its longest run in milliseconds of the
    processor.
    """

    rate: float
    p50: float
    p95: float
    p99: float
    cpu_us: float
    busy: float
    garbage: float | None = None
    pause: float | None = None


class Variant(msgspec.Struct, frozen=True):
    """A module that serves, with its arguments, and the requests for it; ``first`` go before each turn, uncounted.

    ``hear`` gets every answer, where later requests depend on it.
    """

    name: str
    module: str
    arguments: Mapping[str, Any]
    requests: Iterator[bytes]
    first: int = 0
    hear: Callable[[bytes], object] = len


class Served:
    """A server that runs, and what it told so far."""

    def __init__(self, variant: Variant, pid: int, port: int) -> None:
        """:param port: on which it answers."""
        self.variant = variant
        self.port = port
        self.told = Told(latencies=[])
        self.sent = 0
        self._pid = pid
        self._cpu = 0.0
        self._last: dict[str, float] = {}

    def warm_up(self, seconds: float, least: int) -> None:
        """Ask, and leave it out of the figures."""
        self.sent += self._drive(seconds, least).answers

    def ask(self, seconds: float) -> None:
        """Ask for a while."""
        if self.variant.first:
            self.warm_up(0, self.variant.first)
        before = cpu_of(self._pid)
        told = self._drive(seconds)
        self._cpu += cpu_of(self._pid) - before
        self.sent += told.answers
        self.told.add(told)

    def ended(self, last: str) -> None:
        """Take what the process said at its end."""
        self._last = json.loads(last) if last else {}

    def figures(self) -> Figures:
        """All turns together.

        :raises AssertionError: an answer was no success.
        """
        told, garbage = self.told, self._last.get("garbage")
        assert told.errors == 0, f"{self.variant.name}: {told.errors} answers were not 200"
        return Figures(
            told.answers / told.seconds,
            told.percentile(0.5),
            told.percentile(0.95),
            told.percentile(0.99),
            self._cpu / told.answers * 1e6,
            self._cpu / told.seconds,
            None if garbage is None else garbage / self.sent,
            self._last.get("pause"),
        )

    def _drive(self, seconds: float, least: int = 0) -> Told:
        return drive(self.port, self.variant.requests, CONNECTIONS, seconds, least, self.variant.hear)


@contextmanager
def serving(variant: Variant) -> Iterator[Served]:
    """A server in a process of its own, which is told to stop in the end.

    :raises AssertionError: it did not stop clean.
    """
    with running(variant.module, **variant.arguments) as child:
        assert child.stdout is not None
        served = Served(variant, child.pid, json.loads(child.stdout.readline())["port"])
        yield served
        child.send_signal(signal.SIGTERM)
        served.ended(child.stdout.read().strip())
        assert child.wait(20) == 0, f"{variant.name} did not stop clean"


def side_by_side(
    variants: Sequence[Variant],
    seconds: float,
    compared: Sequence[bytes],
    least: int = 0,
    equal: Callable[[Any], object] = lambda answer: answer,
) -> dict[str, Served]:
    """Start all servers, hold their answers against one another's, and ask them in turns, there and back.

    :param seconds: for each server, in turns; a third more is warm-up.
    :param compared: requests that all must answer alike.
    :param least: requests of the warm-up at least.
    :param equal: what of an answer must be equal.
    :raises AssertionError: an answer differs.
    """
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(variant)) for variant in variants]
        for request in compared[:COMPARED]:
            answers = {each.variant.name: equal(answer_to(each.port, request)) for each in servers}
            assert len({json.dumps(a, sort_keys=True) for a in answers.values()}) == 1, f"{request!r}: {answers}"
        for each in servers:
            each.sent += len(compared[:COMPARED])
            each.warm_up(seconds / 3, least)
        for turn in range(TURNS):
            for each in servers if turn % 2 == 0 else reversed(servers):
                each.ask(seconds / TURNS)
    return {each.variant.name: each for each in servers}


def speeds(found: Mapping[str, Sequence[Figures]]) -> tuple[dict[str, list[float]], str]:
    """What is compared: requests a second where every server was busy, else requests per second of its processor.

    :returns: the figures of all rounds by variant, and what they are in words.
    """
    if all(median(figures, "busy") >= BUSY for figures in found.values()):
        return {name: [each.rate for each in figures] for name, figures in found.items()}, " by requests a second"
    return {name: [1e6 / each.cpu_us for each in figures] for name, figures in found.items()}, " by processor time"


def garbage_goals(bench: Bench[Any], what: str, figures: Sequence[Figures]) -> None:
    """Goals of G17 for one server."""
    garbage = min(each.garbage for each in figures if each.garbage is not None)
    pause = max(each.pause for each in figures if each.pause is not None)
    bench.at_most(f"G17 objects for the collector of cycles per {what}", garbage, 1)
    bench.at_most(f"G17 longest pause of the collector while it serves, {what}", pause, 20, " ms", gated=bench.judged)
