"""Health, numbers, modules and the pages."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
import structlog
from dishka import Provider, Scope

from core.kernel.errors import Unavailable
from core.kernel.health import HealthCheck
from entrypoints.http.container import Checks
from entrypoints.http.platform import Platform
from entrypoints.shared.metrics import Metrics
from entrypoints.shared.modules import MODULES
from tests.support.http import KEY, MOVEMENTS, WEBHOOK, Client, memory_settings, sample, serving


class Check(HealthCheck):
    """A part in a state of its own."""

    def __init__(self, name: str, error: Exception | None = None, seconds: float = 0) -> None:
        self.name = name
        self._error = error
        self._seconds = seconds

    async def check(self) -> None:
        await asyncio.sleep(self._seconds)
        if self._error:
            raise self._error


def _checks(*checks: Check) -> Provider:
    provider = Provider(scope=Scope.APP)
    provider.provide(lambda: checks, provides=Checks, override=True)
    return provider


async def test_a_live_process_says_so(client: Client) -> None:
    answer = await client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


async def test_ready_when_every_part_is_up() -> None:
    async with serving(memory_settings(), _checks(Check("a"), Check("b"))) as client:
        answer = await client.get("/health/ready")
    assert answer.status_code == 200
    parts = [{"name": name, "up": True, "needed": True} for name in ("a", "b")]
    assert answer.json() == {"status": "ready", "parts": parts}


async def test_degraded_and_serving_without_a_part_that_only_helps() -> None:
    helps = Check("b", Unavailable())
    helps.needed = False
    async with serving(memory_settings(), _checks(Check("a"), helps)) as client:
        answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["parts"][1] == {"name": "b", "up": False, "needed": False}


@pytest.mark.parametrize("broken", [Check("b", Unavailable()), Check("b", OSError()), Check("b", seconds=30)])
async def test_not_ready_when_a_part_is_down_or_slow(broken: Check) -> None:
    async with serving(memory_settings(), _checks(Check("a"), broken)) as client:
        async with asyncio.timeout(3):
            answer = await client.get("/health/ready")
        alive = await client.get("/health/live")
    assert (answer.status_code, answer.json()["status"]) == (503, "not_ready")
    assert answer.headers["retry-after"] == "1"
    assert [part["up"] for part in answer.json()["parts"]] == [True, False]
    assert alive.status_code == 200


async def test_not_ready_when_stopping(client: Client) -> None:
    platform = await client.container.get(Platform)
    platform.stopping = True
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "stopping")
    assert (await client.get(MOVEMENTS)).status_code == 200


async def test_numbers_count_by_route_and_not_by_path(client: Client) -> None:
    await client.post(WEBHOOK, sample("departure"))
    for n in range(3):
        await client.get(f"{MOVEMENTS}/00000000-0000-0000-0000-00000000000{n}")
        await client.get(f"/nowhere/{n}")
    await client.http.request("BREW", MOVEMENTS)
    text = (await client.get("/metrics")).text
    assert 'soty_http_requests_total{method="GET",route="/api/v1/movements/{movement_id}",status="404"} 3.0' in text
    assert 'soty_http_requests_total{method="GET",route="none",status="404"} 3.0' in text
    assert 'method="other"' in text
    assert "nowhere" not in text
    assert "BREW" not in text
    assert 'soty_inventory_quarantined_total{door="webhook",reason="insufficient_stock"} 1.0' in text
    assert "soty_inventory_quarantine_open 1.0" in text


async def test_numbers_do_not_wait_for_the_store(client: Client) -> None:
    platform = await client.container.get(Platform)

    class Stuck:
        async def gauges(self) -> None:
            raise Unavailable

    platform._quarantine = Stuck()
    assert b"soty_http_requests" in await platform.numbers()


async def test_modules_say_what_they_are(client: Client) -> None:
    modules = {each["name"]: each for each in (await client.get("/ops/modules")).json()}
    assert set(modules) == {module.name for module in MODULES}
    module = modules["inventory"]
    assert "GetMovement" in module["use_cases"]
    assert "inventory.insufficient_stock" in module["errors"]


async def test_every_answer_is_marked(client: Client) -> None:
    seen = set()
    for path in ("/health/live", "/nowhere", "/docs", "/openapi.json", MOVEMENTS, f"{MOVEMENTS}/x"):
        answer = await client.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "server" not in answer.headers
        assert "set-cookie" not in answer.headers
        seen.add(answer.headers["x-request-id"])
    assert len(seen) == 6


async def test_log_lines_of_a_request_carry_its_id(client: Client) -> None:
    seen: list[dict[str, object]] = []
    structlog.contextvars.clear_contextvars()

    class Watching(Metrics):
        pass

    def keep(_: object, __: str, event: MutableMapping[str, Any]) -> dict[str, object]:
        seen.append(dict(event))
        raise structlog.DropEvent

    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars, keep]):
        answer = await client.post(WEBHOOK, sample("departure"))
    assert [event["request_id"] for event in seen] == [answer.headers["x-request-id"]]
    assert KEY not in str(seen)
    assert "c6290746" not in str(seen)
