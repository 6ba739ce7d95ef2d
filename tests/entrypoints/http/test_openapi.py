"""The description of the API."""

import re
import shlex
from typing import Any

import msgspec
import pytest

from entrypoints.http.errors import ERRORS
from entrypoints.http.openapi import TAGS, codes_of, document
from entrypoints.http.operations import OPERATIONS
from tests.support.http import Client

DESCRIBED: dict[str, Any] = msgspec.json.decode(document())
EACH = [
    (path, method, described) for path, methods in DESCRIBED["paths"].items() for method, described in methods.items()
]


async def test_it_is_served(client: Client) -> None:
    answer = await client.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.content == document()


def test_every_operation_is_described_once() -> None:
    assert {(path, method.upper()) for path, method, _ in EACH} == {(o.path, o.method) for o in OPERATIONS}
    names = [described["operationId"] for _, _, described in EACH]
    assert len(set(names)) == len(names) == len(OPERATIONS)
    assert {o.tag for o in OPERATIONS} == set(TAGS)


@pytest.mark.parametrize("path, method, described", EACH)
def test_every_operation_has_examples_and_a_line_to_copy(path: str, method: str, described: dict[str, Any]) -> None:
    (line,) = re.findall(r"^curl .*$", described["description"], re.MULTILINE)
    words = shlex.split(line)
    assert words[:2] == ["curl", "-sS"]
    assert re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), words[2].removeprefix("http://127.0.0.1:8000"))
    status, good = next(each for each in described["responses"].items() if each[0].startswith("2"))
    assert ("content" in good) is (status != "204")
    assert all("example" in content for content in good.get("content", {}).values())
    if "requestBody" in described:
        assert {"-d", "--data-binary"} & set(words)
        (content,) = described["requestBody"]["content"].values()
        assert "example" in content


WAYS_IN = {
    "/api/v1/auth/login",
    "/api/v1/auth/refresh",
    "/api/v1/auth/mfa/challenge",
    "/api/v1/auth/codes/verify",
    "/api/v1/auth/telegram/login",
    "/api/v1/auth/telegram/bot",
    "/api/v1/auth/undo-deletion",
}
"""Public, and refuse who is not known."""


@pytest.mark.parametrize("path, method, described", EACH)
def test_every_refusal_is_a_problem(path: str, method: str, described: dict[str, Any]) -> None:
    refusals = {status: answer for status, answer in described["responses"].items() if status >= "4"}
    assert {"422", "500"} <= set(refusals)
    assert ("401" in refusals) is (bool(described["security"]) or path in WAYS_IN)
    for status, answer in refusals.items():
        if (path, status) != ("/health/ready", "503"):
            assert list(answer["content"]) == ["application/problem+json"]


def test_every_code_that_is_promised_exists() -> None:
    for operation in OPERATIONS:
        assert set(codes_of(operation)) <= set(ERRORS)


def test_strict_bodies_say_that_they_are() -> None:
    schemas = DESCRIBED["components"]["schemas"]
    strict = {name for name, schema in schemas.items() if schema.get("additionalProperties") is False}
    assert {"AdjustmentRequest", "DiscardRequest", "BulkRetryRequest", "MovementData", "Problem"} <= strict
    assert "KafkaWebhookRequest" in schemas
    assert "KafkaWebhookRequest" not in strict


def test_nothing_points_nowhere() -> None:
    schemas = DESCRIBED["components"]["schemas"]
    pointed = set(re.findall(r"#/components/schemas/([^\"]+)", document().decode()))
    assert pointed <= set(schemas)
    assert set(schemas) - pointed == set()
