"""Errors in their one form."""

import re
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import pytest
from dishka import Provider, Scope
from structlog.testing import capture_logs

from core.inventory.api import MovementView
from core.inventory.ports import MovementReader
from core.kernel.errors import Unavailable
from core.kernel.paging import Page
from entrypoints.http.errors import ERRORS, status_of
from entrypoints.http.reading import MAX_BODY, MAX_PARAMETERS
from tests.support.http import ADJUSTMENTS, MOVEMENTS, WEBHOOK, Client, memory_settings, sample, serving

MEMBERS = {"type", "title", "status", "detail", "instance", "code", "timestamp", "context", "errors", "error_id"}
MOVEMENT = f"{MOVEMENTS}/00000000-0000-0000-0000-000000000000"


async def test_a_problem_is_whole(client: Client) -> None:
    answer = await client.get(MOVEMENT)
    problem = answer.json()
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "en"
    assert "accept-language" in answer.headers["vary"].lower()
    assert set(problem) == MEMBERS
    assert problem["type"] == "/errors#inventory.movement_not_found"
    assert (problem["status"], problem["instance"]) == (404, MOVEMENT)
    assert problem["context"] == {"movement_id": MOVEMENT.rpartition("/")[2]}
    assert datetime.fromisoformat(problem["timestamp"]).utcoffset() is not None
    assert UUID(problem["error_id"]).version == 7


async def test_too_many_parameters_are_told_as_such(client: Client) -> None:
    answer = await client.get(f"{MOVEMENTS}?{'limit=1&' * (MAX_PARAMETERS + 1)}")
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["code"], error["message"]) == ("too_many", f"there may be at most {MAX_PARAMETERS} parameters")


@pytest.mark.parametrize(
    "accepted, language",
    [
        ("", "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en;q=0.2, ru;q=0.7", "ru"),
        ("ru;q=0, en", "en"),
        ("de", "en"),
        ("de, ru;q=0.1", "ru"),
        ("*", "en"),
        ("*;q=0.5, ru;q=0.4", "en"),
        ("ru;q=x", "en"),
        ("\xff;q=,,;;", "en"),
    ],
)
async def test_the_reader_chooses_the_language(shared: Client, accepted: str, language: str) -> None:
    answer = await shared.http.get(MOVEMENT, headers=[(b"accept-language", accepted.encode("latin-1"))])
    assert answer.headers["content-language"] == language
    assert bool(re.search("[а-я]", answer.json()["detail"])) is (language == "ru")


async def test_fields_are_spoken_of_in_the_same_language(client: Client) -> None:
    answer = await client.post(ADJUSTMENTS, {"delta": 1}, **{"accept-language": "ru"})
    assert answer.json()["errors"][0] == {"field": "/warehouse_id", "code": "missing", "message": "отсутствует"}


@pytest.mark.parametrize(
    "method, path, status, code",
    [
        ("GET", "/nowhere", 404, "http.not_found"),
        ("GET", "/api/v1/movements/a/b", 404, "http.not_found"),
        ("DELETE", MOVEMENTS, 405, "http.method_not_allowed"),
        ("GET", WEBHOOK, 405, "http.method_not_allowed"),
        ("POST", WEBHOOK, 415, "http.unsupported_media_type"),
        ("GET", f"{MOVEMENTS}/7", 422, "http.invalid"),
        ("GET", f"{MOVEMENTS}?limit=0", 422, "http.invalid"),
        ("GET", f"{MOVEMENTS}?cursor=zzz", 422, "kernel.invalid_cursor"),
    ],
)
async def test_what_the_edge_refuses(shared: Client, method: str, path: str, status: int, code: str) -> None:
    answer = await shared.http.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_refused_method_names_the_others(client: Client) -> None:
    answer = await client.http.delete(ADJUSTMENTS)
    assert answer.headers["allow"] == "GET, OPTIONS, POST"
    assert answer.json()["context"] == {"method": "DELETE", "allowed": ["GET", "OPTIONS", "POST"]}


@pytest.mark.parametrize("media", ["", "text/plain", "application/xml", "application/json; charset=cp1251", "json"])
async def test_only_json_is_taken(shared: Client, media: str) -> None:
    for path in (WEBHOOK, ADJUSTMENTS):
        answer = await shared.http.post(path, content=sample("departure"), headers={"content-type": media})
        assert answer.status_code == 415


@pytest.mark.parametrize(
    "media", ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
)
async def test_json_may_be_declared_in_several_ways(shared: Client, media: str) -> None:
    answer = await shared.http.post(WEBHOOK, content=sample("departure"), headers={"content-type": media})
    assert answer.status_code == 409


async def test_a_body_too_large_is_refused(client: Client) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65_536

    declared = await client.post(WEBHOOK, b" " * (MAX_BODY + 1))
    streamed = await client.http.post(WEBHOOK, content=endless(), headers={"content-type": "application/json"})
    for answer in (declared, streamed):
        assert (answer.status_code, answer.json()["code"]) == (413, "http.body_too_large")
    assert (await client.post(WEBHOOK, b" " * MAX_BODY)).status_code == 400


@pytest.mark.parametrize(
    "query, errors",
    [
        ("limit=201", [("limit", "out_of_range")]),
        ("limit=x", [("limit", "wrong_type")]),
        ("limit=1e2", [("limit", "wrong_type")]),
        ("limit=5.0", [("limit", "wrong_type")]),
        ("limit=%D9%A3", [("limit", "wrong_type")]),
        ("limit=9999999999999999999999", [("limit", "wrong_type")]),
        ("limit=", [("limit", "wrong_type")]),
        ("limit=1&limit=2", [("limit", "doubled")]),
        ("page=1", [("page", "unknown")]),
        ("status=done", [("status", "not_one_of")]),
        ("product_id=7", [("product_id", "bad_uuid")]),
        ("product_id=", [("product_id", "bad_uuid")]),
        ("page=1&limit=0&status=x", [("page", "unknown"), ("limit", "out_of_range"), ("status", "not_one_of")]),
    ],
)
async def test_every_wrong_parameter_is_named(shared: Client, query: str, errors: list[tuple[str, str]]) -> None:
    answer = await shared.get(f"{MOVEMENTS}?{query}")
    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == errors


async def test_an_unknown_parameter_is_told_the_known_ones(client: Client) -> None:
    (error,) = (await client.get(f"{MOVEMENTS}?lmit=5")).json()["errors"]
    assert error["message"] == "is unknown; known are limit, cursor, warehouse_id, product_id, status, variance"


async def test_parameters_are_refused_where_there_are_none(client: Client) -> None:
    assert (await client.get(f"{MOVEMENT}?x=1")).status_code == 422
    assert (await client.get("/health/live?x=1")).status_code == 422


async def test_every_wrong_identifier_is_named(client: Client) -> None:
    answer = await client.get("/api/v1/warehouse/1/products/2")
    errors = [(error["field"], error["code"]) for error in answer.json()["errors"]]
    assert errors == [("warehouse_id", "bad_uuid"), ("product_id", "bad_uuid")]


class FailingReader(MovementReader):
    """Raises what it is told to."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def movement(self, movement_id: UUID) -> MovementView | None:
        raise self._error

    async def movements(self, wanted: object, limit: int, cursor: str | None) -> Page[MovementView]:
        raise self._error

    async def in_transit(self, *_: object) -> Page[object]:  # type: ignore[override]
        raise self._error

    async def in_transit_totals(self, *_: object) -> Page[object]:  # type: ignore[override]
        raise self._error


def _failing(error: Exception) -> Provider:
    provider = Provider(scope=Scope.APP)
    provider.provide(lambda: FailingReader(error), provides=MovementReader, override=True)
    return provider


async def test_a_failure_of_ours_is_logged_once_under_the_id_it_shows() -> None:
    async with serving(memory_settings(), _failing(ZeroDivisionError("the secret reason"))) as client:
        with capture_logs() as logs:
            answer = await client.get(MOVEMENT)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["context"]) == (500, "http.internal", {})
    assert "secret" not in answer.text
    assert [(log["error_id"], log["log_level"]) for log in logs] == [(problem["error_id"], "error")]
    assert isinstance(logs[0]["exc_info"], ZeroDivisionError)


async def test_an_outage_asks_to_come_again() -> None:
    async with serving(memory_settings(), _failing(Unavailable(part="postgres"))) as client:
        with capture_logs() as logs:
            answer = await client.get(MOVEMENT)
    assert (answer.status_code, answer.json()["code"]) == (503, "kernel.unavailable")
    assert answer.headers["retry-after"] == "1"
    assert [(log["error_id"], log["log_level"]) for log in logs] == [(answer.json()["error_id"], "warning")]


async def test_refusals_of_clients_are_not_logged(client: Client) -> None:
    with capture_logs() as logs:
        await client.get(MOVEMENT)
        await client.post(WEBHOOK, b"{")
    assert logs == []


def test_every_error_has_a_status() -> None:
    assert {status_of(error) for error in ERRORS.values()} <= {
        400,
        401,
        403,
        404,
        405,
        409,
        412,
        413,
        415,
        422,
        429,
        500,
        503,
    }
