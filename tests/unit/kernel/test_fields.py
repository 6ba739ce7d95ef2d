"""Every wrong field at once."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Meta

from core.inventory.domain.envelope import KafkaEnvelope, KafkaWebhookRequest
from core.kernel.fields import SHOWN, field_errors, harmless

ID = "c6290746-790e-43fa-8270-014dc90e02e0"


class Colour(StrEnum):
    """Of a thing."""

    RED = "red"
    BLUE = "blue"


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    """Inside a thing."""

    size: Annotated[int, Meta(ge=1, le=9)]
    tags: list[Annotated[str, Meta(max_length=3)]] = []


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    """A bit of everything."""

    id: UUID
    at: Annotated[datetime, Meta(tz=True)]
    inner: Inner
    colour: Colour | None = None
    kind: Literal["a", "b"] = "a"
    ratio: Annotated[float, Meta(gt=0, lt=1)] = 0.5
    count: Annotated[int, Meta(ge=0)] | None = None
    most: Annotated[int, Meta(le=5)] = 5
    on: bool = True
    name: Annotated[str, Meta(min_length=2, pattern="^[a-z]+$")] = "ab"
    more: dict[str, int] = {}
    many: Annotated[list[Inner], Meta(min_length=1)] = []
    nothing: None = None
    when: int | datetime | None = None


GOOD: dict[str, Any] = {"id": ID, "at": "2025-02-18T12:12:56Z", "inner": {"size": 1}}


def codes(value: object, shape: Any = Thing) -> list[tuple[str, str]]:
    return [(error["field"], error["code"]) for error in field_errors(value, shape)]


@pytest.mark.parametrize(
    "change, expected",
    [
        ({"id": 5}, ("/id", "wrong_type")),
        ({"id": "x"}, ("/id", "bad_uuid")),
        ({"at": 5}, ("/at", "wrong_type")),
        ({"at": "yesterday"}, ("/at", "bad_time")),
        ({"at": "2025-02-18T12:12:56"}, ("/at", "naive_time")),
        ({"inner": None}, ("/inner", "wrong_type")),
        ({"inner": {}}, ("/inner/size", "missing")),
        ({"inner": {"size": 10}}, ("/inner/size", "out_of_range")),
        ({"inner": {"size": 0}}, ("/inner/size", "out_of_range")),
        ({"inner": {"size": True}}, ("/inner/size", "wrong_type")),
        ({"inner": {"size": "1"}}, ("/inner/size", "wrong_type")),
        ({"inner": {"size": 1.0}}, ("/inner/size", "wrong_type")),
        ({"inner": {"size": 1, "a/b~": 2}}, ("/inner/a~1b~0", "unknown")),
        ({"inner": {"size": 1, "tags": ["abc", "abcd"]}}, ("/inner/tags/1", "too_long")),
        ({"inner": {"size": 1, "tags": "abc"}}, ("/inner/tags", "wrong_type")),
        ({"colour": "green"}, ("/colour", "not_one_of")),
        ({"colour": 1}, ("/colour", "not_one_of")),
        ({"kind": "c"}, ("/kind", "not_one_of")),
        ({"ratio": 1}, ("/ratio", "out_of_range")),
        ({"ratio": 0}, ("/ratio", "out_of_range")),
        ({"ratio": "half"}, ("/ratio", "wrong_type")),
        ({"count": -1}, ("/count", "too_small")),
        ({"count": "1"}, ("/count", "wrong_type")),
        ({"most": 6}, ("/most", "too_large")),
        ({"on": 1}, ("/on", "wrong_type")),
        ({"name": "a"}, ("/name", "too_short")),
        ({"name": "AB"}, ("/name", "pattern")),
        ({"more": {"a": "b"}}, ("/more/a", "wrong_type")),
        ({"more": []}, ("/more", "wrong_type")),
        ({"many": []}, ("/many", "too_short")),
        ({"many": [{"size": 1}, {"size": 0}]}, ("/many/1/size", "out_of_range")),
        ({"nothing": 0}, ("/nothing", "wrong_type")),
        ({"when": "soon"}, ("/when", "bad_time")),
        ({"when": []}, ("/when", "wrong_type")),
        ({"zzz": 1}, ("/zzz", "unknown")),
    ],
)
def test_names_the_wrong_field(change: dict[str, Any], expected: tuple[str, str]) -> None:
    value = {**GOOD, **change}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(value, Thing)
    assert codes(value) == [expected]


def test_names_all_of_them_at_once() -> None:
    value = {"at": "x", "inner": {"size": 0, "odd": 1}, "colour": "green", "extra": None}
    assert codes(value) == [
        ("/id", "missing"),
        ("/at", "bad_time"),
        ("/inner/size", "out_of_range"),
        ("/inner/odd", "unknown"),
        ("/colour", "not_one_of"),
        ("/extra", "unknown"),
    ]


def test_params_tell_what_is_right() -> None:
    errors = field_errors({**GOOD, "inner": {"size": 10}, "colour": "green", "when": []}, Thing)
    assert [error["params"] for error in errors] == [
        {"min": 1, "max": 9},
        {"allowed": ["red", "blue"]},
        {"expected": ["integer", "string"]},
    ]


def test_nothing_is_wrong_with_what_is_right() -> None:
    assert field_errors(GOOD, Thing) == []
    assert field_errors({**GOOD, "colour": None, "count": None, "when": 5, "most": -(10**40)}, Thing) == []


@pytest.mark.parametrize("value", [None, [], "x", 5, True])
def test_the_whole_may_be_wrong(value: object) -> None:
    assert codes(value) == [("", "wrong_type")]


def test_shapes_it_does_not_know_are_left_to_msgspec() -> None:
    class Odd(msgspec.Struct):
        day: date
        pair: tuple[int, int]

    assert codes({"day": "2025-01-01", "pair": [1, "x"]}, Odd) == [("/pair/1", "invalid")]
    assert codes({"day": "soon", "pair": [1, 2]}, Odd) == [("/day", "invalid")]


def test_a_flood_is_cut() -> None:
    assert len(field_errors({str(n): n for n in range(5000)}, Inner)) == SHOWN


def test_names_from_strangers_are_made_harmless() -> None:
    assert codes({"size": 1, "a\0\ud800": 1}, Inner) == [("/a\ufffd?", "unknown")]
    assert harmless("x" * 500) == "x" * 100
    harmless("\ud800\0é").encode()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([ID, "WH-1234", "arrival"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["data", "movement_id", "quantity", "event", "time", "id", "source", "timestamp"])
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("shape", [Thing, KafkaEnvelope, KafkaWebhookRequest])
@given(value=VALUES)
@settings(max_examples=300, deadline=None)
def test_it_agrees_with_msgspec(shape: Any, value: object) -> None:
    try:
        msgspec.convert(value, shape)
    except msgspec.ValidationError:
        errors = field_errors(value, shape)
        assert errors
        msgspec.json.encode(errors)
    else:
        assert field_errors(value, shape) == []
