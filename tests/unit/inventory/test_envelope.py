"""Reading the message that warehouses send."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.inventory.domain.envelope import read_envelope
from core.inventory.domain.errors import Unreadable
from core.inventory.domain.movement import Half, Reason
from core.kernel.wire import DoubledKey, parse
from tests.support.events import sample

Json = dict[str, Any]


def changed(data: Json | None = None, *, without: tuple[str, ...] = (), **attributes: Any) -> bytes:
    """The sample departure with other values, without some attributes of the envelope or of ``data``."""
    envelope = json.loads(sample("departure"))
    envelope["data"] |= data or {}
    envelope |= attributes
    for name in without:
        envelope.pop(name, None)
        envelope["data"].pop(name, None)
    return json.dumps(envelope).encode()


def reason_of(raw: bytes | None, *, strict: bool = True) -> Reason:
    """Why a message cannot be read."""
    with pytest.raises(Unreadable) as caught:
        read_envelope(raw, strict=strict)
    return caught.value.reason


def errors_of(raw: bytes, *, strict: bool = True) -> list[tuple[str, str]]:
    """The wrong fields of a message and what is wrong with each."""
    with pytest.raises(Unreadable) as caught:
        read_envelope(raw, strict=strict)
    assert caught.value.reason is Reason.WRONG_FIELDS
    return [(error["field"], error["code"]) for error in caught.value.details()["errors"]]


def test_the_sample() -> None:
    event = read_envelope(sample("departure"), strict=True)
    assert event.movement_id == UUID("c6290746-790e-43fa-8270-014dc90e02e0")
    assert event.warehouse_id == UUID("25718666-6af6-4281-b5a6-3016e36fa557")
    assert event.product_id == UUID("4705204f-498f-4f96-b4ba-df17fb56bf55")
    assert (event.half, event.quantity, event.source) == (Half.DEPARTURE, 100, 3423)
    assert event.occurred_at == datetime(2025, 2, 18, 12, 12, 56, tzinfo=UTC)
    assert event.envelope_id == UUID("b3b53031-e83a-4654-87f5-b6b6fb09fd99")
    assert read_envelope(sample("arrival"), strict=False).delta == 98


@pytest.mark.parametrize(
    "raw",
    [
        changed(time="2025-01-21T06:03:41.623Z"),
        changed(time=None),
        changed(time=-5),
        changed(without=("time", "subject", "datacontenttype", "dataschema", "destination")),
        changed(traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", extra={"a:b": [1]}),
        changed(dataschema="ru.retail.warehouses.movement.v1.17"),
        changed(dataschema="v1.0"),
        changed({"quantity": 1_000_000_000}),
        changed({"timestamp": "1970-01-01T00:00:00Z"}),
        changed({"timestamp": "2199-12-31T23:59:59.999999Z"}),
    ],
)
@pytest.mark.parametrize("strict", [True, False])
def test_what_is_accepted(raw: bytes, strict: bool) -> None:
    assert read_envelope(raw, strict=strict).movement_id == UUID("c6290746-790e-43fa-8270-014dc90e02e0")


def test_times_are_told_in_utc() -> None:
    event = read_envelope(changed({"timestamp": "2025-02-18T15:12:56+03:00"}), strict=True)
    assert event == read_envelope(sample("departure"), strict=True)
    assert event.occurred_at.tzinfo is UTC


def test_the_webhook_needs_only_data() -> None:
    data = json.dumps({"data": json.loads(sample("departure"))["data"]}).encode()
    event = read_envelope(data, strict=False)
    assert (event.source, event.envelope_id, event.quantity) == (None, None, 100)
    assert errors_of(data) == [(f"/{name}", "missing") for name in ("id", "source", "specversion", "type")]


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    "raw,reason",
    [
        (None, Reason.TOMBSTONE),
        (b"", Reason.NOT_JSON),
        (b"{", Reason.NOT_JSON),
        (b"\xff\xfe", Reason.NOT_JSON),
        (b"\xef\xbb\xbf{}", Reason.NOT_JSON),
        (b'{"a": NaN}', Reason.NOT_JSON),
        (b'{"data": "\xff"}', Reason.NOT_JSON),
        (b"[" * 5000 + b"]" * 5000, Reason.NOT_JSON),
        (b'{"data": ' * 5000 + b"1" + b"}" * 5000, Reason.NOT_JSON),
        (changed() + b"{}", Reason.NOT_JSON),
        (b"null", Reason.WRONG_FIELDS),
        (b"[]", Reason.WRONG_FIELDS),
        (b"{}", Reason.WRONG_FIELDS),
        (changed().replace(b'"quantity": 100', b'"quantity": 100, "quantity": 100'), Reason.DOUBLED_KEY),
        (changed().replace(b'"quantity": 100', b'"quantity": 1e400'), Reason.WRONG_FIELDS),
        (changed({"quantity": 10**400}), Reason.WRONG_FIELDS),
        (changed(subject="WH-3423:ARRIVAL"), Reason.SUBJECT_MISMATCH),
        (changed(subject="WH-0001:DEPARTURE"), Reason.SUBJECT_MISMATCH),
        (changed(subject="WH-3423:departure"), Reason.SUBJECT_MISMATCH),
        (changed(subject="DEPARTURE"), Reason.SUBJECT_MISMATCH),
        (changed(subject=""), Reason.SUBJECT_MISMATCH),
        (changed(dataschema="ru.retail.warehouses.movement.v2.0"), Reason.UNSUPPORTED_SCHEMA),
        (changed(dataschema="ru.retail.warehouses.movement.v10.0"), Reason.UNSUPPORTED_SCHEMA),
        (changed(dataschema="movement.v1"), Reason.UNSUPPORTED_SCHEMA),
        (changed(dataschema=""), Reason.UNSUPPORTED_SCHEMA),
    ],
)
def test_what_is_refused(raw: bytes | None, reason: Reason, strict: bool) -> None:
    assert reason_of(raw, strict=strict) is reason


@pytest.mark.parametrize(
    "raw,field,code",
    [
        (changed({"quantity": 0}), "/data/quantity", "out_of_range"),
        (changed({"quantity": 1_000_000_001}), "/data/quantity", "out_of_range"),
        (changed({"quantity": True}), "/data/quantity", "wrong_type"),
        (changed({"quantity": "100"}), "/data/quantity", "wrong_type"),
        (changed({"quantity": None}), "/data/quantity", "wrong_type"),
        (changed({"timestamp": "2025-02-18T12:12:56"}), "/data/timestamp", "naive_time"),
        (changed({"timestamp": "yesterday"}), "/data/timestamp", "bad_time"),
        (changed({"timestamp": 1737439421623}), "/data/timestamp", "wrong_type"),
        (changed({"timestamp": "1969-12-31T23:59:59Z"}), "/data/timestamp", "out_of_range"),
        (changed({"timestamp": "2200-01-01T00:00:00Z"}), "/data/timestamp", "out_of_range"),
        (changed({"timestamp": "0001-01-01T00:00:00+12:00"}), "/data/timestamp", "out_of_range"),
        (changed({"timestamp": "9999-12-31T23:59:59-12:00"}), "/data/timestamp", "out_of_range"),
        (changed({"event": "DEPARTURE"}), "/data/event", "not_one_of"),
        (changed({"movement_id": "no"}), "/data/movement_id", "bad_uuid"),
        (changed({"more": 1}), "/data/more", "unknown"),
        (changed(without=("product_id",)), "/data/product_id", "missing"),
        (changed(source="WH-12345"), "/source", "too_long"),
        (changed(source="WH-12a4"), "/source", "pattern"),
        (changed(source="WH-١٢٣٤"), "/source", "pattern"),
        (changed(specversion="1.1"), "/specversion", "not_one_of"),
        (changed(type="other"), "/type", "not_one_of"),
        (changed(id="b3b53031"), "/id", "bad_uuid"),
        (changed(datacontenttype="text/plain"), "/datacontenttype", "not_one_of"),
    ],
)
def test_wrong_fields_are_named(raw: bytes, field: str, code: str) -> None:
    assert (field, code) in errors_of(raw)


def test_every_wrong_field_at_once() -> None:
    raw = changed({"quantity": 0, "event": "x", "timestamp": "2025-02-18T12:12:56"}, source="WH-1")
    assert {field for field, _ in errors_of(raw)} == {"/data/quantity", "/data/event", "/data/timestamp", "/source"}


def test_a_subject_without_a_source_names_the_event() -> None:
    raw = changed(subject="WH-0001:DEPARTURE", without=("source",))
    assert read_envelope(raw, strict=False).source is None
    assert reason_of(changed(subject="WH-0001:ARRIVAL", without=("source",)), strict=False) is Reason.SUBJECT_MISMATCH


def test_details_of_every_kind() -> None:
    with pytest.raises(Unreadable) as doubled:
        read_envelope(b'{"a": 1, "a": 2}', strict=True)
    assert doubled.value.details() == {"key": "a"}
    with pytest.raises(Unreadable) as tombstone:
        read_envelope(None, strict=True)
    assert tombstone.value.details() == {}
    with pytest.raises(Unreadable) as broken:
        read_envelope(b"{", strict=True)
    assert set(broken.value.details()) == {"reason"}


ENVELOPE = json.loads(sample("departure"))
DATA = list(ENVELOPE.pop("data").items())
ATTRIBUTES = [
    *ENVELOPE.items(),
    ("time", None),
    ("time", "2025-01-21T06:03:41Z"),
    ("subject", "WH-3423:DEPARTURE"),
    ("subject", None),
    ("destination", "a:b"),
    ("dataschema", "urn:x.v1.0"),
    ("id", None),
    ("source", None),
    ("extension", {"a": 1}),
]


def written(pairs: list[tuple[str, Any]], nested: list[tuple[str, Any]], gap: str) -> bytes:
    """JSON in which names may stand twice."""

    def members(found: list[tuple[str, Any]]) -> list[str]:
        return [f"{json.dumps(name)}:{gap}{json.dumps(value)}" for name, value in found]

    data = f'"data":{{{",".join(members(nested))}}}'
    return f"{{{','.join([*members(pairs), data])}}}".encode()


@given(
    st.lists(st.sampled_from(ATTRIBUTES), max_size=12),
    st.lists(st.sampled_from([*DATA, ("timestamp", "2025-02-18T15:12:56+03:00"), ("quantity", 5)]), max_size=2),
    st.permutations(DATA),
    st.sampled_from(["", " "]),
    st.booleans(),
)
@example([("id", ENVELOPE["id"]), ("source", "WH-3423")] * 2, [], DATA, "", False)
def test_a_doubled_name_is_never_overlooked(
    pairs: list[tuple[str, Any]], more: list[tuple[str, Any]], data: list[tuple[str, Any]], gap: str, strict: bool
) -> None:
    raw = written(pairs, [*data, *more], gap)
    try:
        parse(raw)
    except DoubledKey:
        with pytest.raises(Unreadable):
            read_envelope(raw, strict=strict)
    else:
        names = {name for name, value in pairs if value is not None}
        if not strict or names >= {"id", "source", "specversion", "type"}:
            assert read_envelope(raw, strict=strict).half is Half.DEPARTURE
