"""Statements of SQLAlchemy Core, compiled once when a module is loaded, run by asyncpg."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ARRAY, BindParameter, Cast, Executable, Text, bindparam, cast, func
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeEngine

_DIALECT = dialect()  # type: ignore[no-untyped-call]


class Statement:
    """SQL text with numbered parameters and the names behind the numbers."""

    __slots__ = ("_fixed", "_names", "text")

    def __init__(self, statement: Executable) -> None:
        assert isinstance(statement, ClauseElement)
        compiled = statement.compile(dialect=_DIALECT)
        self.text = str(compiled)
        self._names: list[str] = list(getattr(compiled, "positiontup", None) or ())
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}

    def args(self, **values: Any) -> list[Any]:
        """The arguments in the order of the numbers.

        :raises KeyError: a parameter has no value.
        """
        return [values[name] if name in values else self._fixed[name] for name in self._names]


def array(name: str, item: type[TypeEngine[Any]] | TypeEngine[Any]) -> BindParameter[Any]:
    """A parameter that takes a list."""
    return bindparam(name, type_=ARRAY(item))


def rows(**columns: type[TypeEngine[Any]] | TypeEngine[Any]) -> TableValuedAlias:
    """Parameters, one list per column, as a table with a row per position."""
    lists = (array(name, item) for name, item in columns.items())
    return func.unnest(*lists).table_valued(*columns).render_derived()


def numbers(name: str, item: type[TypeEngine[Any]]) -> Cast[Any]:
    """A parameter that takes what ``told`` makes of a list of numbers."""
    return cast(bindparam(name, type_=Text), ARRAY(item))


def told(values: Sequence[int]) -> str:
    """Numbers as text, which costs a third of a list: of a list the driver asks each item whether it is one itself."""
    return "{" + msgspec.json.encode(values)[1:-1].decode() + "}"
