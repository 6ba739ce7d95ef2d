"""Reading JSON that strangers wrote: one place that says exactly what is wrong with it."""

import json
import re
from collections import Counter
from typing import Any, NoReturn, TypeVar

import msgspec

from core.kernel.errors import Invalid, Kind, Param, SotyError
from core.kernel.fields import field_errors, harmless

T = TypeVar("T")

DEEPEST = 100
TOO_DEEP = "nested too deep"
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")


class NotJson(SotyError):
    """Bytes that are not one JSON text in UTF-8 (RFC 8259), or nest deeper than a reader can follow."""

    code = "kernel.not_json"
    kind = Kind.INVALID


class DoubledKey(SotyError):
    """An object that has one name twice, so that readers would disagree about its value (RFC 8259 §4)."""

    code = "kernel.doubled_key"
    kind = Kind.INVALID


class WrongFields(Invalid):
    """JSON whose fields break the schema; ``errors`` lists every one."""

    code = "kernel.wrong_fields"

    def __init__(self, errors: list[dict[str, Any]], **params: Param) -> None:
        super().__init__(**params)
        self.errors = errors


def decode(raw: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """Decode one JSON text.

    :param decoder: of the wanted shape; kept by the caller, since making one costs more than using it.
    :raises NotJson: not JSON, not UTF-8, or too deep.
    :raises WrongFields: JSON of another shape, with every wrong field.
    """
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError:
        explain(parse(raw), decoder.type)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotJson(reason=_reason(error)) from error


def decode_unique(raw: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """Decode one JSON text in which no object has a name twice; for bodies off the hot path, since it reads twice.

    :raises NotJson: not JSON, not UTF-8, or too deep.
    :raises DoubledKey: an object has one name twice.
    :raises WrongFields: JSON of another shape, with every wrong field.
    """
    value = decode(raw, decoder)
    parse(raw)
    return value


def explain(value: object, shape: Any) -> NoReturn:
    """Say every way in which a parsed JSON value breaks a shape that refused it.

    :raises WrongFields: always.
    """
    raise WrongFields(field_errors(value, shape) or [{"field": "", "code": "invalid", "params": {}}])


def parse(raw: bytes) -> object:
    """Parse one JSON text and refuse doubled names.

    :raises NotJson: not JSON, not UTF-8, or too deep.
    :raises DoubledKey: an object has one name twice.
    """
    try:
        text = raw.decode("utf-8")
        if _depth(text) > DEEPEST:
            raise NotJson(reason=TOO_DEEP)
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise NotJson(reason=_reason(error)) from error


def _depth(text: str) -> int:
    """How deep objects and arrays nest; counted, since how deep a reader can go depends on its version."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return 0
    deepest = depth = 0
    for mark in _BRACKETS.findall(_STRING.sub("", text)):
        depth += 1 if mark in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        times = Counter(name for name, _ in pairs)
        raise DoubledKey(key=harmless(next(name for name, count in times.items() if count > 1)))
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8"
    return TOO_DEEP if isinstance(error, RecursionError) else str(error)
