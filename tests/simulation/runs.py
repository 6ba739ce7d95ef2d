"""Runs of scenarios by seed."""

import time
import traceback
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from random import getstate, setstate
from typing import Any, NamedTuple

import structlog

from tests.simulation import cached, outbox, stock
from tests.simulation.chance import Chance
from tests.simulation.loop import SimLoop, simulate

Main = Callable[[SimLoop, Chance], Coroutine[Any, Any, None]]


class Scenario(NamedTuple):
    """What is run, how often each fault happens in it, and what must have happened after many runs."""

    main: Main
    rates: Mapping[str, float]
    must: tuple[str, ...]


def _stock(loop: SimLoop, chance: Chance) -> Coroutine[Any, Any, None]:
    return stock.StockRun(loop, chance).run()


def _outbox(loop: SimLoop, chance: Chance) -> Coroutine[Any, Any, None]:
    return outbox.OutboxRun(loop, chance).run()


def _cache(loop: SimLoop, chance: Chance) -> Coroutine[Any, Any, None]:
    return cached.CacheRun(loop, chance).run()


SCENARIOS = {
    "stock": Scenario(_stock, stock.RATES, stock.MUST),
    "outbox": Scenario(_outbox, outbox.RATES, outbox.MUST),
    "cache": Scenario(_cache, cached.RATES, cached.MUST),
}


class Ran(NamedTuple):
    """How one seed went: what was wrong, with what happened before, or nothing."""

    seed: int
    wrong: str
    trace: list[str]


class Summary(NamedTuple):
    """How many seeds went."""

    seeds: int
    failed: list[int]
    happened: Counter[str]
    seconds: float


def run_seed(scenario: Scenario, seed: int, happened: Counter[str]) -> Ran:
    """Run one seed.

    :param happened: counts what happened.
    """
    loop = SimLoop(seed)
    chance = Chance(loop, scenario.rates, happened)
    before = getstate()
    try:
        with structlog.testing.capture_logs():
            simulate(loop, scenario.main(loop, chance))
        wrong = str(loop.unhandled[0]) if loop.unhandled else ""
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        wrong = f"{type(error).__name__}: {error} ({where.name}:{where.lineno})"
    finally:
        setstate(before)
    return Ran(seed, wrong, chance.trace)


def run_seeds(name: str, first: int, count: int) -> Summary:
    """Run some seeds of a scenario after one another."""
    happened, failed, started = Counter[str](), list[int](), time.perf_counter()
    for seed in range(first, first + count):
        if run_seed(SCENARIOS[name], seed, happened).wrong:
            failed.append(seed)
    return Summary(count, failed, happened, time.perf_counter() - started)
