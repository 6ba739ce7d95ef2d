"""Names of new parts, in every spelling that code needs."""

import keyword
import re
from collections.abc import Iterable
from difflib import get_close_matches

from entrypoints.shared.fault import Exit, Fault, FaultError

SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*")
LONGEST = 24
EMPTY_WORDS = {"base", "common", "helper", "helpers", "impl", "manager", "misc", "service", "util", "utils"}
OF_THE_HOUSE = {"kernel", "information_schema", "public", "test", "tests"}
OF_SQL = (
    "all analyse analyze any array asc both case cast check collate column constraint create current_date "
    "current_role current_time current_timestamp current_user default deferrable desc distinct do end except fetch "
    "foreign grant group having initially intersect into lateral leading limit localtime localtimestamp null offset "
    "on only order placing primary references returning select session_user some symmetric system_user table then to "
    "trailing union unique user using variadic when where window"
)
"""Reserved key words of PostgreSQL (appendix C of its manual) that are no key words of Python."""


def checked(name: str, kind: str, example: str) -> str:
    """The name, if it is good.

    :param kind: what it is to name, such as ``module``.
    :param example: a good one.
    :raises FaultError: it is no name in snake case, too long, a word of Python or of the house, or says nothing.
    """
    if not SNAKE.fullmatch(name) or len(name) > LONGEST:
        why = f"is not a name in snake_case of at most {LONGEST} letters"
    elif keyword.iskeyword(name) or name in {*OF_SQL.split(), *OF_THE_HOUSE} or name.startswith("pg_"):
        why = "is a word of Python, of SQL or of the house"
    elif EMPTY_WORDS & set(name.split("_")):
        why = "says nothing"
    else:
        return name
    raise FaultError(
        [Fault(f"{kind} {name!r} {why}", "command line", f"choose another, such as {example}")], Exit.USAGE
    )


def camel(name: str) -> str:
    """The name of a class: ``meal_plan`` is ``MealPlan``."""
    return "".join(word.capitalize() for word in name.split("_"))


def snake(name: str) -> str:
    """The name of a file: ``StockReader`` is ``stock_reader``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def known(name: str, names: Iterable[str], kind: str) -> str:
    """The name, if there is such a thing.

    :param names: those that are.
    :raises FaultError: it is none of them; the nearest is proposed.
    """
    every = sorted(names)
    if name in every:
        return name
    near = get_close_matches(name, every, n=1, cutoff=0)
    fix = f"did you mean {near[0]}?" if near else ""
    raise FaultError([Fault(f"there is no {kind} {name!r}", "command line", fix)], Exit.USAGE)
