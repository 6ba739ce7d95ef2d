"""The overview and the door in front of it."""

import asyncio
import html
import re
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from dishka import Provider, Scope
from msgspec.structs import replace

from adapters.memory.clock import FakeClock
from adapters.memory.quarantine_reader import MemoryQuarantineReader
from adapters.memory.store import MemoryStore
from core.inventory.ports import QuarantineReader
from core.kernel.clock import Clock
from core.kernel.errors import Unavailable
from core.kernel.outbox import Backlog, OutboxReader
from core.operations.api import ProcessView
from core.operations.ports import ProcessReader
from entrypoints.http.container import Checks
from entrypoints.http.ops.door import COOKIE, HOURS
from entrypoints.http.ops.overview import PATIENCE, Brokers
from entrypoints.http.ops.page import duration
from entrypoints.http.platform import Platform
from entrypoints.http.settings import HttpSettings
from entrypoints.shared.settings import Settings
from entrypoints.shared.texts import page_text
from tests.entrypoints.http.test_platform import Check
from tests.support.http import KEY, Client, memory_settings, postgres_settings, serving

BEARER = {"authorization": f"Bearer {KEY}"}
PARTS = ["at", "tiles", "processes", "adapters", "waiting"]


class Away(ProcessReader):
    """Never answers."""

    async def processes(self) -> list[ProcessView]:
        await asyncio.sleep(10 * PATIENCE)
        raise AssertionError


class Refuses(MemoryQuarantineReader):
    """Breaks in a way that nobody expected."""

    async def gauges(self) -> tuple[int, datetime | None, int]:
        raise OSError("boom")


class Waits(OutboxReader):
    """Has something to tell."""

    def __init__(self, *waiting: Backlog) -> None:
        self._waiting = list(waiting)

    async def backlog(self) -> list[Backlog]:
        return self._waiting


def instead(port: Any, adapter: object) -> Provider:
    provider = Provider(scope=Scope.APP)
    provider.provide(lambda: adapter, provides=port, override=True)
    return provider


async def sign_in(client: Client, key: str = KEY) -> httpx.Response:
    return await client.http.post("/ops/sign-in", data={"key": key})


def parts_of(answer: httpx.Response) -> list[str]:
    return re.findall(r'data-part="(\w+)"', answer.text)


async def test_the_overview_tells_what_runs_on_what(client: Client) -> None:
    found = (await client.get("/ops/overview")).json()
    assert (found["state"], found["failed"]) == ("up", [])
    assert [(each["part"], each["state"], each["here"]) for each in found["processes"]] == [("http", "up", True)]
    assert {each["port"]: each["adapter"] for each in found["adapters"]} == {
        "store": "memory",
        "cache": "memory",
        "limits": "memory",
        "messages": "webhook",
        "facts": "none",
        "callers": "key",
    }
    modules = {module["name"]: module for module in found["modules"]}
    assert set(modules) >= {"inventory", "operations"}
    assert all(modules[name]["routes"] > 5 and modules[name]["use_cases"] for name in ("inventory", "operations"))
    assert (found["build"]["profile"], found["build"]["version"]) == ("memory", "0.1.0")


async def test_over_postgres_the_process_is_seen_by_its_sessions(fresh_postgres_url: str) -> None:
    async with serving(postgres_settings(fresh_postgres_url)) as client:
        found = (await client.get("/ops/overview")).json()
    assert [(each["part"], each["state"]) for each in found["processes"]] == [
        ("http", "up"),
        ("consumer", "missing"),
        ("scheduler", "missing"),
    ]
    store = found["adapters"][0]
    assert (store["adapter"], store["setting"], store["state"]) == ("postgres", "SOTY_POSTGRES_URL", "up")
    assert store["milliseconds"] > 0


async def test_a_part_that_fails_spoils_no_other() -> None:
    broken = instead(ProcessReader, Away()), instead(QuarantineReader, Refuses(MemoryStore()))
    async with serving(memory_settings(), *broken) as client, asyncio.timeout(PATIENCE * 4):
        found = (await client.get("/ops/overview")).json()
        page = await client.get("/ops")
    assert found["failed"] == ["processes", "quarantine"]
    assert (found["processes"], found["quarantine"], found["backlog"]) == (None, None, [])
    assert page.status_code == 200
    assert page.text.count(page_text("en", "ops.broken")) == 2
    assert parts_of(page) == PARTS


@pytest.mark.parametrize(
    "needed, stopping, state", [(True, False, "down"), (False, False, "degraded"), (True, True, "stopping")]
)
async def test_the_state_is_that_of_what_is_needed(needed: bool, stopping: bool, state: str) -> None:
    check = Check("postgres", Unavailable())
    check.needed = needed
    async with serving(memory_settings(), instead(Checks, (check,))) as client:
        (await client.container.get(Platform)).stopping = stopping
        assert (await client.get("/ops/overview")).json()["state"] == state
        assert page_text("en", f"ops.says_{state}") in (await client.get("/ops")).text


async def test_what_waits_and_what_was_given_up_is_shown(client: Client) -> None:
    now = (await client.container.get(Clock)).now()
    backlog = [Backlog("kafka", 1234, now - timedelta(seconds=7300), 3, 0), Backlog("inventory.cache", 1, now, 0, 12)]
    waits = Waits(*backlog)
    async with serving(memory_settings(), instead(OutboxReader, waits)) as other:
        text = html.unescape((await other.get("/ops")).text).replace("\u00a0", " ")
        russian = html.unescape((await other.get("/ops", **{"accept-language": "ru"})).text).replace("\u00a0", " ")
    for words in ("kafka", "1,234", "2 h 1 min", "given up: 12", "1,235"):
        assert words in text
    for words in ('lang="ru"', "1 234", "2 ч 1 мин", "Доставки"):
        assert words in russian


async def test_strangers_see_a_form_and_nothing_else(locked: Client) -> None:
    for headers in ({}, {"authorization": "Bearer other"}, {"cookie": f"{COOKIE}=1.2"}, {"cookie": "=; \x01"}):
        answer = await locked.get("/ops", **headers)
        assert answer.status_code == 401
        assert 'name="key"' in answer.text
        assert parts_of(answer) == []
        assert (await locked.get("/ops/overview", **headers)).status_code == 401


async def test_the_key_opens_it_for_machines_and_by_the_form_for_people() -> None:
    async with serving(memory_settings(), key=None) as client:
        assert parts_of(await client.get("/ops", **BEARER)) == PARTS
        answer = await sign_in(client)
        cookie = answer.headers["set-cookie"]
        assert (answer.status_code, answer.headers["location"]) == (303, "/ops")
        assert {"Path=/ops", "HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))
        assert KEY not in cookie
        page = await client.get("/ops")
        assert parts_of(page) == PARTS
        assert "/ops/sign-out" in page.text
        assert (await client.get("/ops/overview")).status_code == 401, "the cookie opens the page alone"
        gone = await client.http.post("/ops/sign-out")
        assert gone.status_code == 303
        assert (await client.get("/ops")).status_code == 401


async def test_another_key_is_refused_in_words(locked: Client) -> None:
    for key in ("other", "", "ключ"):
        answer = await sign_in(locked, key)
        assert answer.status_code == 401
        assert page_text("en", "ops.sign_in_wrong") in answer.text
        assert "set-cookie" not in answer.headers


async def test_a_form_that_is_none_is_refused(locked: Client) -> None:
    for body in (b"&".join([b"a=b"] * 100), b"\xff\xfe", b""):
        assert (await locked.http.post("/ops/sign-in", content=body)).status_code == 401


async def test_a_cookie_ends_by_time_by_another_key_and_by_a_changed_letter() -> None:
    clock = FakeClock()
    async with serving(memory_settings(), instead(Clock, clock), key=None) as client:
        cookie = (await sign_in(client)).headers["set-cookie"].partition(";")[0]
        client.http.cookies.clear()

        async def status(value: str) -> int:
            return (await client.get("/ops", cookie=value)).status_code

        until, _, signature = cookie.partition("=")[2].partition(".")
        assert await status(cookie) == 200
        assert await status(f"{COOKIE}={int(until) + 1}.{signature}") == 401
        assert await status(f"{COOKIE}={until}.{signature[:-1]}x") == 401
        assert await status(f"{COOKIE}={until}") == 401
        clock.advance(HOURS * 3600)
        assert await status(cookie) == 401
    async with serving(memory_settings(KEY + "2"), instead(Clock, FakeClock()), key=None) as other:
        assert (await other.get("/ops", cookie=cookie)).status_code == 401


async def test_attempts_to_sign_in_count_for_the_address_where_calls_are_limited() -> None:
    async with serving(replace(memory_settings(), http=HttpSettings(rate_limit="3/60"))) as client:
        answers = [(await sign_in(client, "wrong")).status_code for _ in range(4)]
    assert answers == [401, 401, 401, 429]


async def test_in_prod_the_cookie_travels_encrypted_and_without_a_key_nobody_gets_in(postgres_url: str) -> None:
    def prod(key: str | None) -> Settings:
        return replace(memory_settings(key, "prod"), postgres=postgres_settings(postgres_url).postgres)

    async with serving(memory_settings(), key=None) as client:
        assert "Secure" not in (await sign_in(client)).headers["set-cookie"]
    async with serving(prod(KEY)) as client:
        assert (await sign_in(client)).headers["set-cookie"].endswith("; Secure")
    async with serving(prod(None)) as client:
        answer = await client.get("/ops")
        assert answer.status_code == 401
        assert page_text("en", "ops.no_key") in answer.text
        assert 'name="key"' not in answer.text


@pytest.mark.parametrize("theme, kept", [("dark", "dark"), ("light", "light"), ("system", ""), ("<x>", "")])
async def test_the_theme_is_kept(theme: str, kept: str) -> None:
    async with serving(memory_settings()) as client:
        await client.http.post("/preferences", data={"theme": theme})
        found = re.search(r'<html lang="en"(?: data-theme="(\w+)")?>', (await client.get("/ops")).text)
    assert found is not None
    assert (found[1] or "") == kept


async def test_the_page_runs_nothing_that_stands_in_it(client: Client) -> None:
    answer = await client.get("/ops", **{"accept-language": "ru"})
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*src=)", answer.text)
    assert (answer.headers["content-language"], answer.headers["cache-control"]) == ("ru", "no-store")


@pytest.mark.parametrize(
    "seconds, told",
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3661, "1 h 1 min"),
        (7200, "2 h"),
        (90_000, "1 d 1 h"),
        (86_460, "1 d"),
    ],
)
def test_times_are_told_in_their_two_largest_units(seconds: float, told: str) -> None:
    assert duration("en", seconds).replace("\u00a0", " ") == told


async def test_one_broker_that_listens_is_enough() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        listening = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await Brokers(f"127.0.0.1:1,{listening}").check()
    with pytest.raises(Unavailable):
        await Brokers("127.0.0.1:1").check()


async def test_kafka_that_is_away_degrades_and_is_shown() -> None:
    settings = memory_settings()
    kafka = replace(settings.kafka, bootstrap="127.0.0.1:1", events_topic="t")
    async with serving(replace(settings, kafka=kafka)) as client:
        found = (await client.get("/ops/overview")).json()
    facts = next(each for each in found["adapters"] if each["port"] == "facts")
    assert (found["state"], facts["adapter"], facts["state"], facts["needed"]) == ("degraded", "kafka", "down", False)
