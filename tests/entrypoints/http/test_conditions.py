"""Request keys and entity tags at the edge, on operations of the tests' own."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar

from adapters.memory.clock import FakeClock
from adapters.memory.ids import SeededIds
from adapters.memory.limits import MemoryRateLimiter
from adapters.security.authenticators import ApiKeyAuthenticator
from adapters.security.signatures import HmacVerifier
from core.kernel.etags import etag_of, match
from core.kernel.requests import AnsweredBefore, RequestInFlight, RequestKey, RequestKeyReused
from entrypoints.http.addresses import Addresses
from entrypoints.http.gate import Gate
from entrypoints.http.operation import Call, NoQuery, Operation, handle_of
from entrypoints.http.problems import Problems
from entrypoints.http.route import plain_route
from entrypoints.shared.metrics import Metrics
from tests.support.http import BEARER, callers_of
from tests.support.http import KEY as SERVICE

KEY = "Idempotency-Key"
ORDERS = "/orders/{order_id}"
FIRST, SECOND = f"/orders/{UUID(int=1)}", f"/orders/{UUID(int=2)}"


class Order(msgspec.Struct):
    """What is read and written."""

    pieces: int


class Orders:
    """Keeps answers as a unit of work would."""

    def __init__(self) -> None:
        self.state = Order(1)
        self.seen: list[RequestKey | None] = []
        self.kept: dict[tuple[str, str, str], tuple[bytes, bytes]] = {}
        self.in_flight = False

    async def write(self, call: Call[NoQuery, Order]) -> Order:
        """Take an order, once."""
        request = call.request
        self.seen.append(request)
        if self.in_flight:
            raise RequestInFlight(retry_after=7)
        if request is not None:
            name = (request.principal, request.route, request.key)
            if name in self.kept:
                digest, result = self.kept[name]
                raise AnsweredBefore(result) if digest == request.digest else RequestKeyReused()
            self.kept[name] = (request.digest, msgspec.json.encode(call.body))
        return call.body

    async def change(self, call: Call[NoQuery, Order]) -> Order:
        """Change the state that the client has seen."""
        match(call.if_match, self.state)
        self.state = call.body
        return self.state

    async def read(self, _: Call[NoQuery, None]) -> Order:
        """The state."""
        return self.state


COMMON = {"path": ORDERS, "tag": "t", "summary": "s", "acts_on": Orders, "permission": "p", "answer": Order}
OPERATIONS = [
    Operation(**COMMON, method="POST", act=Orders.write, example=Order(1), body=Order, status=201, once=True),  # type: ignore[arg-type]
    Operation(**COMMON, method="PUT", act=Orders.change, example=Order(1), body=Order, etag=True),  # type: ignore[arg-type]
    Operation(**COMMON, method="GET", act=Orders.read, example=Order(1), etag=True),  # type: ignore[arg-type]
]


@pytest.fixture
def orders() -> Orders:
    return Orders()


@pytest.fixture
async def http(orders: Orders) -> AsyncIterator[httpx.AsyncClient]:
    clock = FakeClock()
    problems, gate = Problems(clock, SeededIds()), Gate(MemoryRateLimiter(clock), Addresses(()), None, Metrics())
    callers, verifier = callers_of(ApiKeyAuthenticator(SERVICE, frozenset({"p"}))), HmacVerifier([], clock)
    routes = [
        plain_route(each.method, each.path, each.summary, handle_of(each, orders, callers, verifier, gate))
        for each in OPERATIONS
    ]
    app = Litestar(routes, openapi_config=None, logging_config=None, exception_handlers={Exception: problems.answer})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t", headers=BEARER) as client:  # type: ignore[arg-type]
        yield client


async def test_the_first_answer_comes_again(http: httpx.AsyncClient, orders: Orders) -> None:
    first = await http.post(FIRST, json={"pieces": 5}, headers={KEY: "k"})
    again = await http.post(FIRST, json={"pieces": 5}, headers={KEY: "k"})
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, b'{"pieces":5}')
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    request = orders.seen[0]
    assert request is not None
    assert (request.principal, request.route, request.key) == ("api-key", f"POST {ORDERS}", "k")


async def test_without_a_key_nothing_is_remembered(http: httpx.AsyncClient, orders: Orders) -> None:
    for _ in range(2):
        assert "idempotent-replayed" not in (await http.post(FIRST, json={"pieces": 5})).headers
    assert orders.seen == [None, None]


@pytest.mark.parametrize("path, body", [(FIRST, b'{"pieces":6}'), (SECOND, b'{"pieces":5}'), (FIRST, b'{"pieces": 5}')])
async def test_a_key_belongs_to_one_content(http: httpx.AsyncClient, path: str, body: bytes) -> None:
    headers = {KEY: "k", "content-type": "application/json"}
    await http.post(FIRST, content=b'{"pieces":5}', headers=headers)
    other = await http.post(path, content=body, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "kernel.request_key_reused")


async def test_one_in_flight_is_asked_to_wait(http: httpx.AsyncClient, orders: Orders) -> None:
    orders.in_flight = True
    answer = await http.post(FIRST, json={"pieces": 5}, headers={KEY: "k"})
    assert (answer.status_code, answer.headers["retry-after"]) == (409, "7")
    orders.in_flight = False
    assert (await http.post(FIRST, json={"pieces": 5}, headers={KEY: "k"})).status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "k" * 256, "ключ".encode(), "\x7f"])
async def test_a_bad_key_is_refused(http: httpx.AsyncClient, orders: Orders, key: str | bytes) -> None:
    answer = await http.post(
        FIRST, json={"pieces": 5}, headers=[(KEY.encode(), key if isinstance(key, bytes) else key.encode())]
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "http.invalid")
    assert answer.json()["errors"][0]["field"] == KEY
    assert orders.seen == []


@pytest.mark.parametrize("key", ["k", "k" * 255, '"quoted"', "8e03978e-40d5-43dd-bc93-6894a57f9324"])
async def test_keys_of_every_style_are_good(http: httpx.AsyncClient, key: str) -> None:
    assert (await http.post(FIRST, json={"pieces": 5}, headers={KEY: key})).status_code == 201


async def test_a_doubled_key_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post(FIRST, json={"pieces": 5}, headers=[(KEY, "a"), (KEY, "b")])
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "doubled")


async def test_a_state_that_the_client_has_is_not_sent(http: httpx.AsyncClient) -> None:
    shown = await http.get(FIRST)
    tag = shown.headers["etag"]
    assert tag == f'"{etag_of(shown.content)}"'
    for seen in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        same = await http.get(FIRST, headers={"If-None-Match": seen})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
        assert "content-length" not in same.headers
    for unseen in ('"other"', tag.strip('"'), "", '"'):
        assert (await http.get(FIRST, headers={"If-None-Match": unseen})).status_code == 200


async def test_a_change_of_the_state_that_was_seen(http: httpx.AsyncClient) -> None:
    tag = (await http.get(FIRST)).headers["etag"]
    assert (await http.put(FIRST, json={"pieces": 2}, headers={"If-Match": tag})).status_code == 200
    late = await http.put(FIRST, json={"pieces": 3}, headers={"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "kernel.stale")
    assert (await http.get(FIRST)).json() == {"pieces": 2}
    for any_state in ({"If-Match": "*"}, {}):
        assert (await http.put(FIRST, json={"pieces": 4}, headers=any_state)).status_code == 200


@pytest.mark.parametrize("tag", ["bare", 'W/"weak"', '"a", "b"', '""', '"'])
async def test_a_bad_if_match_is_refused(http: httpx.AsyncClient, tag: str) -> None:
    answer = await http.put(FIRST, json={"pieces": 2}, headers={"If-Match": tag})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "If-Match")
