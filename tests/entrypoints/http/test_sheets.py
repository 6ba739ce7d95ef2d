"""Tables in CSV over HTTP."""

import asyncio
import csv
from collections.abc import AsyncIterator
from typing import Any, cast
from uuid import UUID

import httpx
import pytest
from litestar.types import Message, Receive, Scope

from core.kernel.errors import Unavailable
from entrypoints.http.answer import Streamed
from entrypoints.http.inventory.sheets import WINDOW
from entrypoints.http.openapi import document
from entrypoints.http.reading import MAX_BODY
from tests.support.http import DESTINATION, PRODUCT, SOURCE, WAREHOUSE, Client

IMPORT = f"{WAREHOUSE}/import"
EXPORT = f"{WAREHOUSE}/export.csv"
SCOPE = cast(Scope, {"type": "http", "method": "GET"})
NAMES = "warehouse_id,product_id,delta,reason,note"


def table(*rows: tuple[object, int]) -> bytes:
    """A row for each warehouse and change."""
    lines = [f"{warehouse},{PRODUCT},{delta},count," for warehouse, delta in rows]
    return "\r\n".join([NAMES, *lines, ""]).encode()


async def send(client: Client, body: bytes, query: str = "", media: str = "text/csv", **headers: str) -> httpx.Response:
    """Send a table; the words are headers."""
    return await client.post(IMPORT + query, body, **{"content-type": media, **headers})


async def test_a_table_is_previewed_and_imported(client: Client) -> None:
    body = table((SOURCE, 5), (DESTINATION, 7))
    preview = await send(client, body, "?dry_run=true")
    assert preview.status_code == 200
    assert await client.quantity() == 0
    done = await send(client, body, media='text/csv; charset="UTF-8"')
    assert done.status_code == 200
    assert done.json() == {**preview.json(), "applied": True}
    row: dict[str, Any] = done.json()["rows"][1]
    assert (row["line"], row["delta"], row["balance_after"]) == (3, 7, 7)
    assert (await client.quantity(), await client.quantity(DESTINATION)) == (5, 7)


async def test_the_same_request_is_done_once(client: Client) -> None:
    body, key = table((SOURCE, 5)), {"idempotency-key": "k1"}
    first = await send(client, body, **key)
    again = await send(client, body, **key)
    assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")
    assert (await send(client, table((SOURCE, 6)), **key)).status_code == 422
    assert await client.quantity() == 5


@pytest.mark.parametrize("language, said", [("en", "must not be 0"), ("ru", "не должно быть 0")])
async def test_wrong_rows_are_named(client: Client, language: str, said: str) -> None:
    answer = await send(client, table((SOURCE, 0)), **{"accept-language": language})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["context"]) == (422, "inventory.wrong_rows", {"count": 1})
    assert problem["errors"] == [{"field": "/2/delta", "code": "zero", "message": said}]
    preview = await send(client, table((SOURCE, 0)), "?dry_run=true", **{"accept-language": language})
    assert (preview.status_code, preview.json()["errors"]) == (200, problem["errors"])


async def test_what_is_short_is_named(client: Client) -> None:
    answer = await send(client, table((SOURCE, -4), (DESTINATION, 4)))
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "inventory.stocks_short")
    (error,) = problem["errors"]
    assert error == {
        "field": "/2/delta",
        "code": "insufficient_stock",
        "message": "is not covered by the stock: 4 pieces are missing",
    }
    assert await client.quantity(DESTINATION) == 0


async def test_only_csv_of_a_sane_size_is_taken(client: Client) -> None:
    for media in ("application/json", "text/plain", "text/csv; charset=utf-16", "text/csvx"):
        answer = await send(client, table((SOURCE, 1)), media=media)
        assert (answer.status_code, answer.json()["context"]) == (415, {"wanted": "text/csv"})
    assert (await send(client, b"x" * (MAX_BODY + 1))).status_code == 413
    assert (await send(client, table((SOURCE, 1)), "?dry_run=yes")).json()["code"] == "http.invalid"
    assert (await client.post(f"{WAREHOUSE}/adjustments", table(), **{"content-type": "text/csv"})).status_code == 415


async def exported(client: Client, query: str = "") -> list[list[str]]:
    """The rows of an export under their names."""
    answer = await client.get(EXPORT + query)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["content-disposition"] == 'attachment; filename="stock.csv"'
    names, *rows = csv.reader(answer.text.splitlines())
    assert names == ["warehouse_id", "product_id", "quantity"]
    return rows


async def test_all_stocks_are_exported(client: Client) -> None:
    assert await exported(client) == []
    await send(client, table((SOURCE, 5), (DESTINATION, 7)))
    rows = [[str(place), str(PRODUCT), str(count)] for place, count in sorted([(SOURCE, 5), (DESTINATION, 7)])]
    assert await exported(client) == rows
    assert await exported(client, f"?warehouse_id={SOURCE}") == [[str(SOURCE), str(PRODUCT), "5"]]
    assert await exported(client, f"?warehouse_id={PRODUCT}") == []
    assert (await client.get(f"{EXPORT}?warehouse_id=7")).status_code == 422


async def test_an_export_goes_on_over_many_windows(client: Client) -> None:
    lines = [f"{SOURCE},{UUID(int=n)},1,count," for n in range(2 * WINDOW + 1)]
    assert (await send(client, "\n".join([NAMES, *lines]).encode())).status_code == 200
    expected = [[str(SOURCE), str(UUID(int=n)), "1"] for n in range(2 * WINDOW + 1)]
    assert await exported(client) == expected
    assert await exported(client, f"?warehouse_id={SOURCE}") == expected


async def test_an_export_that_fails_on_its_way_is_seen_to_be_cut() -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"a\r\n"
        raise Unavailable(part="postgres")

    sent: list[Message] = []

    async def send_on(message: Message) -> None:
        sent.append(message)

    with pytest.raises(BaseExceptionGroup):
        await Streamed([], parts())(SCOPE, asyncio.Event().wait, send_on)  # type: ignore[arg-type]
    assert [message.get("more_body") for message in sent] == [None, True]


async def test_an_export_stops_when_nobody_takes_it() -> None:
    taken = 0

    async def parts() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"a\r\n"
            await asyncio.sleep(0)

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def send_on(message: Message) -> None:
        del message

    await Streamed([], parts())(SCOPE, cast(Receive, gone), send_on)
    assert taken < 10


def test_the_description_says_what_is_taken() -> None:
    assert b'"text/csv"' in document()
