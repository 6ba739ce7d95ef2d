"""Secrets of people, programs and settings are in no log, table, cache, file, letter or answer but their own."""

import base64
import email
import email.policy
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import redis.asyncio

from entrypoints.shared.runfile import Run
from tests.support.canaries import Canaries
from tests.support.postgres import store_of
from tests.support.program import Program
from tests.support.spill import Spiller, live, spill_nonsense

LEAST = 30
"""Different secrets; the promise was made for so many."""
TABLES = """
    SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
"""
BROKEN = ("session", "code", "account")
READERS = {
    "string": "get",
    "hash": "hgetall",
    "list": "lrange",
    "set": "smembers",
    "zset": "zrange",
    "stream": "xrange",
}
PAGES = ("/metrics", "/ops", "/ops/overview", "/health/ready", "/health/live", "/", "/docs", "/openapi.json")
Found = dict[str, set[str]]


def settings_of(canaries: Canaries) -> dict[str, str]:
    """Settings of which the secret ones are canaries."""
    return {
        "SOTY_APP_MODE": "webhook_only",
        "SOTY_HTTP_TRUSTED_PROXIES": "127.0.0.1",
        "SOTY_LOG_LEVEL": "debug",
        "SOTY_API_KEY": canaries.new("service key"),
        "SOTY_SECRET": canaries.new("root", 40),
        "SOTY_SECRET_PREVIOUS": canaries.new("root of before", 40),
        "SOTY_TELEGRAM_BOT_TOKEN": "123456789:" + canaries.new("token of the bot", 35),
        "SOTY_TELEGRAM_BOT_USERNAME": "soty_bot",
        "SOTY_BOT_API_KEY": canaries.new("key of the bot", 32),
        "SOTY_OWNER_EMAIL": "owner@example.com",
        "SOTY_OWNER_PASSWORD": canaries.new("password of the owner"),
    }


async def in_tables(url: str, canaries: Canaries) -> Found:
    """What stands in each table, as text; bytes are hexadecimals there."""
    async with store_of(url, pool=1) as store, store.connection() as connection:
        found = {}
        for (name,) in await connection.fetch(TABLES):
            rows = await connection.fetch(f"SELECT t::text FROM {name} t")
            found[f"table {name}"] = canaries.within("\n".join(row[0] for row in rows).encode())
        assert len(found) > 20, found
        return found


async def redis_keeps(url: str) -> set[bytes]:
    """All keys of Redis, with what stands under each."""
    async with redis.asyncio.from_url(url) as client:
        found = set()
        async for key in client.scan_iter():
            kind = _text(await client.type(key))
            if kind == "none":
                continue
            everything = {"list": (0, -1), "zset": (0, -1)}.get(kind, ())
            value = await getattr(client, READERS[kind])(key, *everything)
            found.add(key + b" " + _flat(value))
        return found


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _flat(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    parts = value.items() if isinstance(value, dict) else value or ()
    return b" ".join(_flat(each) for each in parts) if isinstance(value, dict | list | set | tuple) else b""


def in_letters(folder: Path, canaries: Canaries) -> Found:
    """What stands in each letter, in its headers and in both of its texts."""
    found = {}
    for path in (each for each in folder.rglob("*") if each.is_file()):
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        texts = [str(part.get_content()) for part in letter.walk() if part.get_content_maintype() == "text"]
        found[path.name] = canaries.within("\n".join([str(letter.items()), *texts]).encode())
    return found


def in_files(folder: Path, canaries: Canaries) -> Found:
    """What stands in all other files, those of the database and its journal among them."""
    files = (each for each in folder.rglob("*") if each.is_file() and not each.is_relative_to(folder / "mail"))
    return {f"file {each}": canaries.plainly_within(each.read_bytes()) for each in files}


@asynccontextmanager
async def spilling(run: Run, canaries: Canaries, leaks: Found) -> AsyncIterator[Spiller]:
    """Somebody before a running Soty, with an eye on Redis behind every answer."""
    seen: set[bytes] = set()

    async def look() -> None:
        seen.update(await redis_keeps(str(run.redis)))

    async with httpx.AsyncClient(base_url=run.urls["http"], timeout=60) as http:
        yield Spiller(http, canaries, look)
    assert seen
    leaks["Redis"] = canaries.within(b"\n".join(seen))


async def with_a_broken_database(url: str, who: Spiller) -> None:
    """Let everything fail that needs people, with secrets on its way."""
    async with store_of(url, pool=1) as store, store.connection() as connection:
        for table in BROKEN:
            await connection.execute(f"ALTER TABLE identity.{table} RENAME TO away")
            await spill_nonsense(who)
            await who.post("/login", {"login": "ann@example.com", "password": who.canaries.new("password")})
            await who.post("/register", {"login": "eve@example.com", "password": who.canaries.new("password")})
            await connection.execute(f"ALTER TABLE identity.away RENAME TO {table}")


async def leaks_of(data_dir: Path, form: str, agent: str = "") -> tuple[Canaries, Found, Found]:
    """Run a Soty, spill secrets, and look everywhere.

    :param agent: goes into the User-Agent, which is kept with a session, and so is found.
    :returns: the secrets, those found where none belongs, and those found in letters beyond their own.
    """
    canaries = Canaries()
    log = data_dir.parent / f"{data_dir.name}.log"
    settings = settings_of(canaries)
    program = Program(data_dir, SOTY_LOG_FORMAT=form, **settings)
    program.log = log
    leaks: Found = {}
    try:
        with program.up() as (_, run):
            assert run.postgres is not None
            async with spilling(run, canaries, leaks) as who:
                if agent:
                    who.http.headers["user-agent"] = canaries.note("planted", agent)
                await live(who, "ann")
                await spill_nonsense(who)
                await with_a_broken_database(run.postgres, who)
                for page in PAGES:
                    headers = {"authorization": f"Bearer {settings['SOTY_API_KEY']}"}
                    await who.call("GET", page, headers=headers)
                leaks |= {f"answer {asked}": held for asked, held in who.told.items()}
                leaks |= await in_tables(run.postgres, canaries)
                assert {500, 503} & set(who.statuses.values()), who.statuses
        written = in_letters(data_dir / "mail", canaries)
        letters = {key: held - who.letters.get(key, set()) for key, held in written.items()}
        leaks |= in_files(data_dir, canaries) | {"log": canaries.within(log.read_bytes())}
        assert len(log.read_bytes()) > 1000
    finally:
        log.unlink(missing_ok=True)
    return canaries, {place: held for place, held in leaks.items() if held}, {k: v for k, v in letters.items() if v}


@pytest.mark.parametrize("form", ["json", pytest.param("console", marks=pytest.mark.slow)])
async def test_secrets_are_nowhere(data_dir: Path, form: str) -> None:
    canaries, leaks, letters = await leaks_of(data_dir, form)
    assert len(canaries.names) >= LEAST
    assert (leaks, letters) == ({}, {})


@pytest.mark.slow
async def test_what_is_kept_is_found(data_dir: Path) -> None:
    agent = f"planted-{secrets.token_hex(8)}"
    _, leaks, _letters = await leaks_of(data_dir, "json", agent)
    assert {place for place in leaks if "table identity.session" in place}
    assert {name.partition(" ")[0] for held in leaks.values() for name in held} == {"planted"}


def test_every_form_is_seen() -> None:
    canaries = Canaries()
    secret = canaries.note("secret", "aB/c+dEfGhIjKl")
    name = {canaries.names[secret]}
    for form in (secret, secret.upper(), quote(secret, safe=""), secret.encode().hex(), secret.encode().hex().upper()):
        assert canaries.within(f'x"{form}"x'.encode()) == name
    for before in range(5):
        assert canaries.within(base64.b64encode(b"x" * before + secret.encode() + b"yz")) == name
    digits = canaries.note("digits", "482913")
    assert canaries.within(b'"code":"482913"') == {canaries.names[digits]}
    assert canaries.within(b"12:00:00.482913Z 1482913 a482913-b") == set()
    assert canaries.plainly_within(secret.encode()) == name
