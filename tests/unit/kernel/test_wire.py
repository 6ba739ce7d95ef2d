"""Reading JSON of strangers."""

import msgspec
import pytest

from core.kernel.wire import DoubledKey, NotJson, WrongFields, decode, decode_unique, explain, parse


class Pair(msgspec.Struct):
    """Two of a kind."""

    a: int
    b: int | None = None


DECODER = msgspec.json.Decoder(Pair)
BROKEN = [
    b"",
    b"{",
    b"nul",
    b"{'a': 1}",
    b'{"a": 1,}',
    b'{"a": NaN}',
    b'{"a": Infinity}',
    b"\xff\xfe",
    b'{"a": "\xff"}',
    b'\xef\xbb\xbf{"a": 1}',
    b'{"a": "\\ud800"}',
    b"[" * 5000 + b"]" * 5000,
    b'{"a":' * 5000 + b"1" + b"}" * 5000,
    b'{"a": 1} {"a": 2}',
]


@pytest.mark.parametrize("raw", BROKEN, ids=range(len(BROKEN)))
def test_what_is_not_json_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises((NotJson, WrongFields)) as caught:
        decode(raw, DECODER)
    assert isinstance(caught.value, NotJson) or raw.startswith(b'{"a": "')
    with pytest.raises((NotJson, WrongFields, DoubledKey)):
        decode_unique(raw, DECODER)


def test_the_reason_names_the_place() -> None:
    with pytest.raises(NotJson) as caught:
        parse(b"ab\xff")
    assert caught.value.params == {"reason": "byte 2 is not UTF-8"}
    with pytest.raises(NotJson) as caught:
        parse(b"[" * 100_000)
    assert caught.value.params == {"reason": "nested too deep"}


def test_what_is_right_comes_back() -> None:
    assert decode(b'{"a": 1, "c": 3}', DECODER) == Pair(1)
    assert decode_unique(b'{"a": 1, "b": null}', DECODER) == Pair(1, None)


def test_a_doubled_name_is_refused_wherever_it_is() -> None:
    for raw in (b'{"a":1,"a":1}', b'{"a":1,"c":{"d":1,"d":2}}', b'{"a":1,"c":[{"e":1,"\\u0065":2}]}'):
        with pytest.raises(DoubledKey):
            decode_unique(raw, DECODER)


def test_a_doubled_name_is_told_before_wrong_fields() -> None:
    with pytest.raises(DoubledKey) as caught:
        decode(b'{"a":"x","b":"y","b":"z"}', DECODER)
    assert caught.value.params == {"key": "b"}


def test_a_doubled_name_is_found_fast_among_many() -> None:
    names = ",".join(f'"k{n}":1' for n in range(100_000))
    with pytest.raises(DoubledKey) as caught:
        parse(f'{{{names},"k99999":2}}'.encode())
    assert caught.value.params == {"key": "k99999"}


def test_a_doubled_name_is_made_harmless() -> None:
    with pytest.raises(DoubledKey) as caught:
        parse(b'{"\\u0000\\ud800":1,"\\u0000\\ud800":2}')
    assert caught.value.params == {"key": "\ufffd?"}


def test_wrong_fields_are_all_told() -> None:
    with pytest.raises(WrongFields) as caught:
        decode(b'{"a":"x","b":"y"}', DECODER)
    assert [error["field"] for error in caught.value.errors] == ["/a", "/b"]


@pytest.mark.parametrize("number", ["1e999", "1.5", "9" * 5000, "-" + "9" * 5000, "1" * 400 + ".5"])
def test_numbers_beyond_measure_are_refused(number: str) -> None:
    with pytest.raises((WrongFields, NotJson)):
        decode(f'{{"a": {number}}}'.encode(), DECODER)


def test_an_explanation_is_never_empty() -> None:
    with pytest.raises(WrongFields) as caught:
        explain({"a": 1}, Pair)
    assert caught.value.errors == [{"field": "", "code": "invalid", "params": {}}]
