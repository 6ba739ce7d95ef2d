"""Reading a table of adjustments."""

from uuid import UUID

import pytest

from core.inventory.api import AdjustmentReason
from core.inventory.domain.errors import WrongRows
from core.inventory.domain.sheet import MOST_ROWS, Row, read_sheet

HERE, THERE = UUID(int=1), UUID(int=2)
NAMES = "warehouse_id,product_id,delta,reason,note"


def line(product: int = 1, delta: object = 5, reason: str = "found", note: str = "") -> str:
    """One adjustment of warehouse 1 as text."""
    return f"{HERE},{UUID(int=product)},{delta},{reason},{note}"


def table(*lines: str, names: str = NAMES, end: str = "\n") -> bytes:
    """Lines under names."""
    return end.join([names, *lines, ""]).encode()


def wrong(raw: bytes) -> list[tuple[str, str]]:
    """Where a table is wrong, and how."""
    with pytest.raises(WrongRows) as refusal:
        read_sheet(raw)
    assert refusal.value.count >= len(refusal.value.errors)
    return [(each["field"], each["code"]) for each in refusal.value.errors]


FIRST = Row(HERE, UUID(int=1), 5, AdjustmentReason.FOUND, "")


@pytest.mark.parametrize(
    "raw",
    [
        table(line()),
        table(line(), end="\r\n"),
        b"\xef\xbb\xbf" + table(line()),
        table(line()).replace(b",", b";"),
        table(line()).rstrip(),
        table(line(delta="+5")),
        table(line(delta=" 5 "), "", ",,,,"),
        table(line()).replace(b"warehouse_id", b'"warehouse_id"'),
        table(f"found,5,{THERE.hex},{HERE}", names="reason,delta,product_id,warehouse_id"),
    ],
    ids=["plain", "crlf", "mark", "semicolons", "no end", "plus", "empty rows", "quotes", "other order"],
)
def test_the_ways_to_write_one_row(raw: bytes) -> None:
    (row,) = read_sheet(raw).values()
    assert (row.warehouse_id, row.delta, row.reason, row.note) == (HERE, 5, AdjustmentReason.FOUND, "")


def test_rows_are_known_by_the_line_where_they_begin() -> None:
    raw = table(line(1), "", line(2, note='"shelf 3,\nat ""the"" wall"'), line(3))
    rows = read_sheet(raw)
    assert list(rows) == [2, 4, 6]
    assert rows[2] == FIRST
    assert rows[4].note == 'shelf 3,\nat "the" wall'


@pytest.mark.parametrize(
    "raw, expected",
    [
        (b"", [(f"/1/{name}", "missing") for name in ("warehouse_id", "product_id", "delta", "reason")]),
        (table(), [("/1", "too_short")]),
        (table(line(), names="warehouse_id,product_id,delta,quantity,delta"), "unknown doubled missing"),
        (table(line(), names=NAMES.replace(",", "\t")), "unknown missing missing missing missing"),
        (table(line(), names=NAMES + ",a/b~"), [("/1/a~1b~0", "unknown")]),
        (table(line()).replace(b"found", b"f\xf6und"), [("/2", "not_utf8")]),
        (table(line()).decode().encode("utf-16"), [("/1", "not_utf8")]),
        (table(line()).decode().encode("utf-16-be"), [("/1", "nul")]),
        (table(line(1), line(2, note="\0")), [("/3", "nul")]),
        (table(line(1), line(2, note='"a"b')), [("/3", "not_csv")]),
        (table(line(1), line(2, note='"a')), [("/3", "not_csv")]),
        (table(line(1), end="\r"), [("/1", "not_csv")]),
        (table(line(1), "1,2"), [("/3", "wrong_cells")]),
        (table(line(delta=0)), [("/2/delta", "zero")]),
        (table(line(delta="1.0"), line(2, "1e3"), line(3, "")), [(f"/{n}/delta", "wrong_type") for n in (2, 3, 4)]),
        (table(line(delta=10**9 + 1), line(2, -(10**9) - 1)), [(f"/{n}/delta", "out_of_range") for n in (2, 3)]),
        (table(line(reason="theft"), line(2, reason="")), [(f"/{n}/reason", "not_one_of") for n in (2, 3)]),
        (table(line(note="n" * 501)), [("/2/note", "too_long")]),
        (table("7,8,9,found,"), [("/2/warehouse_id", "bad_uuid"), ("/2/product_id", "bad_uuid")]),
        (table(line(1), line(2), line(1, 7)), [("/4/product_id", "doubled_stock")]),
        (table(line(1, note="n" * 200_000)), [("/2", "not_csv")]),
    ],
)
def test_what_is_wrong_is_named_by_line_and_column(raw: bytes, expected: list[tuple[str, str]] | str) -> None:
    found = wrong(raw)
    assert ([code for _, code in found] == expected.split()) if isinstance(expected, str) else (found == expected)


def test_no_more_rows_than_one_transaction_holds() -> None:
    lines = [line(n) for n in range(MOST_ROWS)]
    assert len(read_sheet(table(*lines))) == MOST_ROWS
    assert wrong(table(*lines, line(MOST_ROWS))) == [(f"/{MOST_ROWS + 2}", "too_many_rows")]


def test_all_errors_are_counted_and_the_first_are_named() -> None:
    with pytest.raises(WrongRows) as refusal:
        read_sheet(table(*(line(n, 0) for n in range(150))))
    assert (refusal.value.count, len(refusal.value.errors)) == (150, 100)
