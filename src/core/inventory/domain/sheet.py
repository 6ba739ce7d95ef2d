"""Adjustments as a table in text: comma or semicolon separated values (RFC 4180) under a line of names."""

import csv
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec

from core.inventory.api import BY_HAND, AdjustmentReason, Delta, Note, ReasonByHand
from core.inventory.domain.errors import WrongRows
from core.kernel.fields import SHOWN, escaped, field_errors, harmless

MOST_ROWS = 10_000
BOM = "\ufeff"

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")

Errors = list[dict[str, Any]]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One adjustment, as cells say it."""

    warehouse_id: UUID
    product_id: UUID
    delta: Delta
    reason: ReasonByHand
    note: Note = ""


NEEDED = ("warehouse_id", "product_id", "delta", "reason")
KNOWN = (*NEEDED, "note")


def read_sheet(raw: bytes) -> dict[int, Row]:
    """Read a table, the first line of which names its columns; empty rows are passed over.

    :param raw: UTF-8, with or without a mark at its beginning.
    :returns: rows by the number of the line where they begin; the names are on line 1.
    :raises WrongRows: naming what is wrong by line and column.
    """
    text = _text(raw).removeprefix(BOM)
    head, _, _ = text.partition("\n")
    found = _cells(text, ";" if ";" in head else ",")
    line, names = next(found, (1, []))
    names = [name.strip() for name in names]
    if errors := _names(names):
        raise WrongRows(errors)
    rows, errors = _rows(names, found)
    errors = errors or ([] if rows else [error(line, None, "too_short", min=1)])
    if errors:
        raise WrongRows(errors)
    return rows


def error(line: int, column: str | None, code: str, **params: object) -> dict[str, Any]:
    """What is wrong with a line, or with one cell of it."""
    return {"field": f"/{line}" if column is None else f"/{line}/{column}", "code": code, "params": params}


def _text(raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError as bad:
        raise WrongRows([error(1 + raw.count(b"\n", 0, bad.start), None, "not_utf8")]) from None
    if "\0" in text:
        raise WrongRows([error(1 + text.count("\n", 0, text.index("\0")), None, "nul")])
    return text


def _cells(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, by the line where each begins."""
    reader = csv.reader((line + "\n" for line in text.split("\n")), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as bad:
        raise WrongRows([error(line, None, "not_csv", reason=str(bad))]) from None


def _names(names: list[str]) -> Errors:
    errors = [error(1, escaped(harmless(name)), "unknown", allowed=list(KNOWN)) for name in names if name not in KNOWN]
    errors += [error(1, name, "doubled") for name in KNOWN if names.count(name) > 1]
    return (errors + [error(1, name, "missing") for name in NEEDED if name not in names])[:SHOWN]


def _rows(names: list[str], found: Iterator[tuple[int, list[str]]]) -> tuple[dict[int, Row], Errors]:
    rows: dict[int, Row] = {}
    errors: Errors = []
    lines: dict[tuple[UUID, UUID], int] = {}
    for number, (line, cells) in enumerate(found):
        if number == MOST_ROWS:
            return {}, [error(line, None, "too_many_rows", max=MOST_ROWS)]
        row, wrong = _row(names, cells, line)
        if row is not None:
            rows[line] = row
            first = lines.setdefault((row.warehouse_id, row.product_id), line)
            wrong = wrong if first == line else [error(line, "product_id", "doubled_stock", first=first)]
        errors += wrong
    return rows, errors


def _row(names: list[str], cells: list[str], line: int) -> tuple[Row | None, Errors]:
    if len(cells) != len(names):
        return None, [error(line, None, "wrong_cells", wanted=len(names), found=len(cells))]
    values = {name: _value(name, cell.strip()) for name, cell in zip(names, cells, strict=True)}
    try:
        row = msgspec.convert(values, Row)
    except msgspec.ValidationError:
        return None, [{**each, "field": f"/{line}{each['field']}"} for each in field_errors(values, Row)]
    wrong = [] if row.delta else [error(line, "delta", "zero")]
    if row.reason is AdjustmentReason.STOCKTAKE:
        wrong.append(error(line, "reason", "not_one_of", allowed=BY_HAND))
    return row, wrong


def _value(name: str, text: str) -> object:
    return int(text) if name == "delta" and _INTEGER.fullmatch(text) else text
