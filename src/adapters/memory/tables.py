"""Rows as encoded copies, and drafts of them that are kept or dropped as a whole."""

from collections import ChainMap
from collections.abc import Iterator, MutableMapping
from typing import Generic, TypeVar

import msgspec

K = TypeVar("K")
V = TypeVar("V")


class Table(Generic[K, V]):
    """Values by key, kept as MessagePack: what was put in or taken out can be changed without changing the row.

    In a draft a removed row is None until the commit.
    """

    def __init__(self, shape: type[V], rows: MutableMapping[K, bytes | None] | None = None) -> None:
        self._shape = shape
        self._rows: MutableMapping[K, bytes | None] = {} if rows is None else rows
        self._decoder = msgspec.msgpack.Decoder(shape)

    def __len__(self) -> int:
        return sum(raw is not None for raw in self._rows.values())

    def get(self, key: K) -> V | None:
        """A fresh copy of the value, None for an unknown key."""
        raw = self._rows.get(key)
        return None if raw is None else self._decoder.decode(raw)

    def put(self, key: K, value: V) -> None:
        """Keep a copy of the value; a key keeps its place in the order of first puts."""
        self._rows[key] = msgspec.msgpack.encode(value)

    def remove(self, key: K) -> None:
        """Drop the row of a key, if there is one."""
        self._rows[key] = None
        if not isinstance(self._rows, ChainMap):
            del self._rows[key]

    def values(self) -> Iterator[V]:
        """Fresh copies of all values in the order of their first puts."""
        return (self._decoder.decode(raw) for raw in self._rows.values() if raw is not None)

    def items(self) -> Iterator[tuple[K, V]]:
        """Keys with fresh copies of their values in the order of first puts."""
        return ((key, self._decoder.decode(raw)) for key, raw in self._rows.items() if raw is not None)

    def draft(self) -> "Table[K, V]":
        """A table that shows this one and keeps what is put into it to itself."""
        return Table(self._shape, ChainMap({}, self._rows))

    def commit(self) -> None:
        """Put what this draft holds into the table it is a draft of."""
        assert isinstance(self._rows, ChainMap)
        changed, rows = self._rows.maps
        for key, raw in changed.items():
            if raw is None:
                rows.pop(key, None)
            else:
                rows[key] = raw
