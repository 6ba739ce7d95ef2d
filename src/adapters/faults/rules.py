"""A plan made of rules: at the n-th time that a point is reached, or at every time, one thing happens."""

import asyncio
import os
from collections import Counter
from collections.abc import Sequence

import msgspec

from adapters.faults.plan import Plan
from core.kernel.errors import Contended, Unavailable

ACTS = ("fail", "contend", "break", "exit", "sleep")
EXIT_CODE = 70
TIMES = {"drop": 0, "double": 2}


class Broken(Exception):
    """A failure that no caller expects."""


class Rule(msgspec.Struct, frozen=True):
    """What happens at a point; ``nth`` counts from 1, and 0 is every time; ``seconds`` are those of a sleep."""

    point: str
    act: str
    nth: int = 0
    seconds: float = 0


class Rules(Plan):
    """Follows rules and counts what happened."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """:param rules: several may be at one point; they happen in their order."""
        self._rules = tuple(rules)
        self._reached = Counter[str]()
        self._happened = Counter[Rule]()

    def never(self) -> list[Rule]:
        """Rules that did not happen yet: a run that ends with one has not tested what it should."""
        return [rule for rule in self._rules if not self._happened[rule]]

    async def reach(self, point: str) -> None:
        """Do what the rules of the point say.

        :raises Unavailable: for ``fail``.
        :raises Contended: for ``contend``.
        :raises Broken: for ``break``.
        """
        for rule in self._due(point):
            await _happen(rule)

    def times(self, point: str) -> int:
        """By the first rule of the point."""
        return next((TIMES[rule.act] for rule in self._due(point)), 1)

    def _due(self, point: str) -> list[Rule]:
        self._reached[point] += 1
        due = [rule for rule in self._rules if rule.point == point and rule.nth in {0, self._reached[point]}]
        self._happened.update(due)
        return due


async def _happen(rule: Rule) -> None:
    if rule.act == "sleep":
        await asyncio.sleep(rule.seconds)
    elif rule.act == "exit":
        os._exit(EXIT_CODE)
    elif rule.act == "contend":
        raise Contended(part=rule.point, error="failpoint")
    elif rule.act == "fail":
        raise Unavailable(part=rule.point, error="failpoint")
    else:
        raise Broken(rule.point)


def read_rules(text: str) -> list[Rule]:
    """Rules as ``SOTY_FAILPOINT`` has them: ``point:act`` or ``point@3:sleep:2``, separated by commas.

    :raises ValueError: something that cannot happen there.
    """
    return [_read(part.strip()) for part in text.split(",") if part.strip()]


def _read(part: str) -> Rule:
    place, _, what = part.partition(":")
    point, at, nth = place.partition("@")
    act, colon, seconds = what.partition(":")
    if act not in _acts(point) or bool(colon) != (act == "sleep"):
        raise ValueError(f'"{what}" cannot happen at {point}')
    return Rule(point, act, int(nth) if at else 0, float(seconds) if colon else 0)


def _acts(point: str) -> tuple[str, ...]:
    """What a port allows there: to say what is done never fails, and neither does a cache, unlike a load for it."""
    if point == "source.done":
        return tuple(TIMES)
    return ("exit", "sleep") if point.startswith(("source.done.", "cache.get.", "cache.forget.")) else ACTS
