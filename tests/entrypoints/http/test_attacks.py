"""No bytes of a client make the server fail."""

from typing import Any

import pytest

from core.kernel.paging import encode_cursor
from tests.support.http import (
    ADJUSTMENTS,
    MOVEMENTS,
    QUARANTINE,
    WAREHOUSE,
    WEBHOOK,
    Client,
    memory_settings,
    serving,
)

ID = b"c6290746-790e-43fa-8270-014dc90e02e0"
ADJUSTMENT = b'{"warehouse_id":"%s","product_id":"%s","delta":%%b,"reason":"count","note":%%b}' % (ID, ID)
DATA = (
    b'{"data":{"movement_id":"%s","warehouse_id":"%s","timestamp":%%b,"event":"arrival","product_id":"%s","quantity":%%b}}'
    % (ID, ID, ID)
)
BODIES = {
    "nothing": b"",
    "bad UTF-8": b'{"data": "\xff\xfe"}',
    "bad UTF-8 in a name": b'{"\xff": 1}',
    "UTF-16": '{"data": 1}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"data": 1}',
    "5 000 levels of lists": b"[" * 5000 + b"]" * 5000,
    "5 000 levels of objects": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "5 000 levels inside": b'{"data":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "5 000 levels in what is ignored": b'{"data":{},"x":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "500 000 open brackets": b"[" * 500_000,
    "doubled keys": b'{"data": 1, "data": 2}',
    "doubled keys inside": b'{"data": {"a": 1, "a": 2}}',
    "not an object": b"[1]",
    "null": b"null",
    "NaN": b'{"data": NaN}',
    "lone surrogate": b'{"data": "\\ud800"}',
    "lone surrogate in a name": b'{"\\ud800": 1, "data": 5}',
    "NUL in a name": b'{"\\u0000": 1, "data": {"\\u0000": 1}}',
    "40 digits": DATA % (b'"2025-02-18T12:12:56Z"', b"9" * 40),
    "5 000 digits": DATA % (b'"2025-02-18T12:12:56Z"', b"9" * 5000),
    "negative": DATA % (b'"2025-02-18T12:12:56Z"', b"-1"),
    "fraction": DATA % (b'"2025-02-18T12:12:56Z"', b"1.0"),
    "exponent": DATA % (b'"2025-02-18T12:12:56Z"', b"1e2"),
    "boolean": DATA % (b'"2025-02-18T12:12:56Z"', b"true"),
    "year 1": DATA % (b'"0001-01-01T00:00:00+14:00"', b"1"),
    "year 9999": DATA % (b'"9999-12-31T23:59:59-14:00"', b"1"),
    "second 60": DATA % (b'"2025-02-18T12:12:60Z"', b"1"),
    "no zone": DATA % (b'"2025-02-18T12:12:56"', b"1"),
    "delta of 2**63": ADJUSTMENT % (b"9223372036854775808", b'""'),
    "delta of 40 digits": ADJUSTMENT % (b"9" * 40, b'""'),
    "NUL in a note": ADJUSTMENT % (b"1", b'"\\u0000"'),
    "long note": ADJUSTMENT % (b"1", b'"%s"' % (b"x" * 501)),
    "note of surrogates": ADJUSTMENT % (b"1", b'"\\ud83d"'),
    "100 000 unknown names": b'{"data":{' + b",".join(b'"k%d":1' % n for n in range(60_000)) + b"}}",
}
PATHS = [WEBHOOK, ADJUSTMENTS, f"{QUARANTINE}/retry", f"{QUARANTINE}/{ID.decode()}/discard"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
async def test_bodies(shared_stored: Client, path: str, body: bytes) -> None:
    answer = await shared_stored.post(path, body)
    assert answer.status_code in (400, 404, 409, 413, 415, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < 100_000


@pytest.mark.parametrize(
    "name, status",
    [
        ("bad UTF-8", 400),
        ("5 000 levels of lists", 400),
        ("5 000 levels of objects", 400),
        ("doubled keys", 400),
        ("doubled keys inside", 400),
        ("nothing", 400),
        ("40 digits", 422),
        ("year 9999", 422),
        ("not an object", 422),
    ],
)
async def test_the_webhook_tells_what_it_is(shared_stored: Client, name: str, status: int) -> None:
    assert (await shared_stored.post(WEBHOOK, BODIES[name])).status_code == status


@pytest.mark.parametrize(
    "note", [b'"\\u0001\\u007f\\ufeff"', '"🐝 соты"'.encode(), b'"\\ud83d\\udc1d"', b'"%s"' % (b"x" * 500)]
)
async def test_odd_notes_are_kept(shared_stored: Client, note: bytes) -> None:
    assert (await shared_stored.post(ADJUSTMENTS, ADJUSTMENT % (b"1", note))).status_code == 201


@pytest.mark.parametrize(
    "path",
    [
        f"{MOVEMENTS}/%00",
        f"{MOVEMENTS}/%FF%FE",
        f"{MOVEMENTS}/{'9' * 5000}",
        f"{MOVEMENTS}/..%2f..%2fetc",
        f"{MOVEMENTS}/{{x}}",
        f"{WAREHOUSE}/%00/products/%00",
        f"{MOVEMENTS}?cursor=%00",
        f"{MOVEMENTS}?cursor=%FF",
        f"{MOVEMENTS}?cursor={'A' * 20_000}",
        f"{MOVEMENTS}?limit=-1",
        f"{MOVEMENTS}?limit={'9' * 400}",
        f"{MOVEMENTS}?%00=%00",
        f"{MOVEMENTS}?{'&'.join(f'a{n}=1' for n in range(1000))}",
        f"{MOVEMENTS}?product_id=%00",
        f"{MOVEMENTS}?;&&==%%%",
        "/%00",
        "/static/%2e%2e/app.py",
        "/static/../app.py",
    ],
)
async def test_addresses(shared_stored: Client, path: str) -> None:
    answer = await shared_stored.get(path)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"


LISTS = [
    MOVEMENTS,
    WAREHOUSE,
    ADJUSTMENTS,
    QUARANTINE,
    f"{WAREHOUSE}/in-transit",
    f"{WAREHOUSE}/in-transit/totals",
    f"{WAREHOUSE}/{ID.decode()}/products",
]
FORGED: list[Any] = [
    None,
    [],
    {},
    10**40,
    "\0",
    ["movements", 10**40],
    ["movements", -1],
    ["movements", 2**63 - 1],
    ["in_transit", "0001-01-01T00:00:00+14:00", ID.decode()],
    ["in_transit", "9999-12-31T23:59:59-14:00", ID.decode()],
    ["products", "\0"],
    ["adjustments", ID.decode()],
]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("position", FORGED, ids=range(len(FORGED)))
async def test_forged_cursors(shared_stored: Client, path: str, position: object) -> None:
    answer = await shared_stored.get(f"{path}?cursor={encode_cursor(position)}")
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer \xff"},
        {"authorization": "x" * 10_000},
        {"accept-language": "ru;q=" + "9" * 5000},
        {"accept-language": ",".join(["ru;q=0.1"] * 5000)},
        {"content-length": "-5"},
        {"content-length": "9" * 5000},
        {"content-type": "application/json;" + " " * 50_000 + "x"},
        {"x-request-id": "\r\n"},
    ],
)
async def test_headers(headers: dict[str, str]) -> None:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    async with serving(memory_settings(), key=None) as client:
        answer = await client.http.post(WEBHOOK, content=b"{}", headers=raw)
    assert 400 <= answer.status_code < 500
