"""Rows as encoded copies, and drafts of them that are kept or dropped as a whole."""

from collections import ChainMap
from collections.abc import Iterator, MutableMapping
from typing import Generic, TypeVar

import msgspec

K = TypeVar("K")
V = TypeVar("V")


class Table(Generic[K, V]):
    """Values by key, kept as MessagePack: what was put in or taken out can be changed without changing the row."""

    def __init__(self, shape: type[V], rows: MutableMapping[K, bytes] | None = None) -> None:
        self._shape = shape
        self._rows: MutableMapping[K, bytes] = {} if rows is None else rows
        self._decoder = msgspec.msgpack.Decoder(shape)

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, key: K) -> V | None:
        """A fresh copy of the value, None for an unknown key."""
        raw = self._rows.get(key)
        return None if raw is None else self._decoder.decode(raw)

    def put(self, key: K, value: V) -> None:
        """Keep a copy of the value; a key keeps its place in the order of first puts."""
        self._rows[key] = msgspec.msgpack.encode(value)

    def values(self) -> Iterator[V]:
        """Fresh copies of all values in the order of their first puts."""
        return map(self._decoder.decode, self._rows.values())

    def items(self) -> Iterator[tuple[K, V]]:
        """Keys with fresh copies of their values in the order of first puts."""
        return ((key, self._decoder.decode(raw)) for key, raw in self._rows.items())

    def draft(self) -> "Table[K, V]":
        """A table that shows this one and keeps what is put into it to itself."""
        return Table(self._shape, ChainMap({}, self._rows))

    def commit(self) -> None:
        """Put what this draft holds into the table it is a draft of."""
        assert isinstance(self._rows, ChainMap)
        changed, rows = self._rows.maps
        rows.update(changed)
