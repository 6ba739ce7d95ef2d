"""Every wrong field of a value at once; msgspec itself stops at the first.

Run it only after msgspec refused the value: it is slower, and msgspec remains the judge.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec
from msgspec import inspect

SHOWN = 100

Errors = Iterator[dict[str, Any]]

_PATH = re.compile(r" - at `\$?([^`]*)`$")
_STEP = re.compile(r"\[(\d+)\]|\.?([^.\[\]]+)")
_JSON_NAMES: dict[type, str] = {
    inspect.IntType: "integer",
    inspect.FloatType: "number",
    inspect.BoolType: "boolean",
    inspect.StrType: "string",
    inspect.NoneType: "null",
    inspect.DateTimeType: "string",
    inspect.UUIDType: "string",
    inspect.StructType: "object",
    inspect.DictType: "object",
    inspect.ListType: "array",
}


def field_errors(value: object, shape: Any) -> list[dict[str, Any]]:
    """Name every field of a parsed JSON value that breaks a shape.

    :param value: what a JSON parser gave: dicts, lists, strings, numbers, booleans, None.
    :param shape: the type it should have had, as for :func:`msgspec.convert`.
    :returns: at most 100 of ``{"field": a JSON pointer (RFC 6901), "code": ..., "params": {...}}``; never empty for a
        value that msgspec refuses.
    """
    found = list(islice(_walk(value, inspect.type_info(shape), ""), SHOWN))
    return found or _first_refusal(value, shape)


def harmless(text: str) -> str:
    """Text that every store and encoder takes: without NUL and lone surrogates, at most 100 characters."""
    return text[:100].replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _error(field: str, code: str, **params: object) -> dict[str, Any]:
    return {"field": field, "code": code, "params": params}


def _walk(value: object, info: inspect.Type, at: str) -> Errors:
    if isinstance(info, inspect.Metadata):
        yield from _walk(value, info.type, at)
    elif isinstance(info, inspect.UnionType):
        yield from _union(value, info, at)
    else:
        check = _CHECKS.get(type(info))
        if check is not None:
            yield from check(value, info, at)


def _union(value: object, info: inspect.UnionType, at: str) -> Errors:
    attempts = [list(_walk(value, member, at)) for member in info.types]
    if not all(attempts):
        return
    members = [member for member in map(_bare, info.types) if not isinstance(member, inspect.NoneType)]
    telling = [errors for errors in attempts if errors[0]["code"] != "wrong_type" or errors[0]["field"] != at]
    if telling:
        yield from telling[0]
    else:
        yield _wrong_type(at, *dict.fromkeys(_JSON_NAMES.get(type(member), "value") for member in members))


def _bare(info: inspect.Type) -> inspect.Type:
    return info.type if isinstance(info, inspect.Metadata) else info


def _wrong_type(at: str, *expected: str) -> dict[str, Any]:
    return _error(at, "wrong_type", expected=list(expected))


def _struct(value: object, info: inspect.StructType, at: str) -> Errors:
    if not isinstance(value, Mapping):
        yield _wrong_type(at, "object")
        return
    for field in info.fields:
        pointer = f"{at}/{escaped(field.encode_name)}"
        if field.encode_name in value:
            yield from _walk(value[field.encode_name], field.type, pointer)
        elif field.required:
            yield _error(pointer, "missing")
    if info.forbid_unknown_fields:
        known = {field.encode_name for field in info.fields}
        for name in value:
            if name not in known:
                yield _error(f"{at}/{escaped(harmless(name))}", "unknown", allowed=sorted(known))


def escaped(name: str) -> str:
    """A name as one step of a JSON pointer (RFC 6901 §3)."""
    return name.replace("~", "~0").replace("/", "~1")


def _list(value: object, info: inspect.ListType, at: str) -> Errors:
    if not isinstance(value, list):
        yield _wrong_type(at, "array")
        return
    yield from _length(value, info.min_length, info.max_length, at)
    for index, item in enumerate(value):
        yield from _walk(item, info.item_type, f"{at}/{index}")


def _dict(value: object, info: inspect.DictType, at: str) -> Errors:
    if not isinstance(value, Mapping):
        yield _wrong_type(at, "object")
        return
    yield from _length(value, info.min_length, info.max_length, at)
    for name, item in value.items():
        yield from _walk(item, info.value_type, f"{at}/{escaped(harmless(name))}")


def _length(value: Any, shortest: int | None, longest: int | None, at: str) -> Errors:
    if shortest is not None and len(value) < shortest:
        yield _error(at, "too_short", min=shortest)
    if longest is not None and len(value) > longest:
        yield _error(at, "too_long", max=longest)


def _string(value: object, info: inspect.StrType, at: str) -> Errors:
    if not isinstance(value, str):
        yield _wrong_type(at, "string")
        return
    yield from _length(value, info.min_length, info.max_length, at)
    if info.pattern is not None and not re.search(info.pattern, value):
        yield _error(at, "pattern", pattern=info.pattern)


def _integer(value: object, info: inspect.IntType, at: str) -> Errors:
    if type(value) is int:
        yield from _range(value, info, at)
    else:
        yield _wrong_type(at, "integer")


def _number(value: object, info: inspect.FloatType, at: str) -> Errors:
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield from _range(value, info, at)
    else:
        yield _wrong_type(at, "number")


def _range(value: float, info: inspect.IntType | inspect.FloatType, at: str) -> Errors:
    low = info.ge if info.ge is not None else info.gt
    high = info.le if info.le is not None else info.lt
    below = (info.ge is not None and value < info.ge) or (info.gt is not None and value <= info.gt)
    above = (info.le is not None and value > info.le) or (info.lt is not None and value >= info.lt)
    if not below and not above:
        return
    if low is not None and high is not None:
        yield _error(at, "out_of_range", min=low, max=high)
    else:
        yield _error(at, "too_small", min=low) if below else _error(at, "too_large", max=high)


def _boolean(value: object, _: inspect.BoolType, at: str) -> Errors:
    if not isinstance(value, bool):
        yield _wrong_type(at, "boolean")


def _null(value: object, _: inspect.NoneType, at: str) -> Errors:
    if value is not None:
        yield _wrong_type(at, "null")


def _uuid(value: object, _: inspect.UUIDType, at: str) -> Errors:
    if not isinstance(value, str):
        yield _wrong_type(at, "string")
    elif not _converts(value, UUID):
        yield _error(at, "bad_uuid")


def _datetime(value: object, info: inspect.DateTimeType, at: str) -> Errors:
    if not isinstance(value, str):
        yield _wrong_type(at, "string")
    elif not _converts(value, datetime):
        yield _error(at, "bad_time")
    elif info.tz is not None and (msgspec.convert(value, datetime).tzinfo is not None) is not info.tz:
        yield _error(at, "naive_time" if info.tz else "bad_time")


def _enum(value: object, info: inspect.EnumType, at: str) -> Errors:
    yield from _choice(value, [member.value for member in info.cls], at)


def _literal(value: object, info: inspect.LiteralType, at: str) -> Errors:
    yield from _choice(value, list(info.values), at)


def _choice(value: object, allowed: list[Any], at: str) -> Errors:
    if not any(type(value) is type(choice) and value == choice for choice in allowed):
        yield _error(at, "not_one_of", allowed=[str(choice) for choice in allowed])


def _converts(value: object, shape: Any) -> bool:
    try:
        msgspec.convert(value, shape)
    except msgspec.ValidationError:
        return False
    return True


def _first_refusal(value: object, shape: Any) -> list[dict[str, Any]]:
    try:
        msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        place = _PATH.search(str(error))
        steps = _STEP.findall(place[1]) if place else []
        return [_error("".join(f"/{index or escaped(harmless(name))}" for index, name in steps), "invalid")]
    return []


_CHECKS: dict[type, Callable[[object, Any, str], Errors]] = {
    inspect.StructType: _struct,
    inspect.ListType: _list,
    inspect.DictType: _dict,
    inspect.StrType: _string,
    inspect.IntType: _integer,
    inspect.FloatType: _number,
    inspect.BoolType: _boolean,
    inspect.NoneType: _null,
    inspect.UUIDType: _uuid,
    inspect.DateTimeType: _datetime,
    inspect.EnumType: _enum,
    inspect.LiteralType: _literal,
}
