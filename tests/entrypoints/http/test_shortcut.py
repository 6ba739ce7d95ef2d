"""The short way and the long way answer alike."""

import re

import pytest

from entrypoints.http.operation import Operation
from entrypoints.http.operations import OPERATIONS
from tests.support.http import MOVEMENTS, Client

ID = "c6290746-790e-43fa-8270-014dc90e02e0"
STRANGE_HOST = {"host": "a_b"}
"""A name with characters that the short way leaves to the framework."""
MARKS = {"date", "x-request-id", "content-length"}


def told(answer_headers: dict[str, str]) -> dict[str, str]:
    """Headers without those that differ from one request to the next."""
    return {name: value for name, value in answer_headers.items() if name not in MARKS}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method} {each.path}")
async def test_both_ways_say_the_same(shared: Client, operation: Operation) -> None:
    method, path = operation.method, re.sub(r"\{\w+\}", ID, operation.path)
    short = await shared.http.request(method, path, content=b"{")
    long = await shared.http.request(method, path, content=b"{", headers=STRANGE_HOST)
    assert short.status_code == long.status_code
    assert told(dict(short.headers)) == told(dict(long.headers))
    if operation.tag == "platform":  # it shows the moment
        return
    gone = re.compile(rb'"(error_id|timestamp)":"[^"]*"')
    assert gone.sub(b"", short.content) == gone.sub(b"", long.content)


async def test_both_ways_are_one_route_in_the_numbers(shared: Client) -> None:
    for headers in ({}, STRANGE_HOST):
        await shared.http.get(f"{MOVEMENTS}/{ID}", headers=headers)
    lines = (await shared.http.get("/metrics")).text.splitlines()
    counted = [line for line in lines if line.startswith("soty_http_requests_total") and "{movement_id}" in line]
    assert [line for line in counted if 'method="GET"' in line and 'status="404"' in line]
    assert not [line for line in counted if ":str" in line]


@pytest.mark.parametrize("path", [f"{MOVEMENTS}/{ID}/", f"{MOVEMENTS}//{ID}", f"{MOVEMENTS}/no-id"])
async def test_other_spellings_go_the_long_way(shared: Client, path: str) -> None:
    answer = await shared.http.get(path)
    assert answer.status_code in (404, 422)
    assert answer.json()["code"]


async def test_a_host_that_is_none_is_refused(shared: Client) -> None:
    answer = await shared.http.get("/health/live", headers={"host": "a b"})
    assert answer.status_code == 400
