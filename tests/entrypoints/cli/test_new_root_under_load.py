"""The root of all keys is changed while people work: nobody is signed out, and nothing fails."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import httpx
import pyotp
import pytest

from core.identity.api import SessionKind
from tests.support.postgres import store_of
from tests.support.program import Program
from tests.support.traveller import AUTH, PASSWORD, PUBLIC_URL, Traveller, browser, travellers

OLD, NEW = "the-root-of-all-keys-of-the-tests", "another-root-of-all-keys-of-the-tests"
STEPS: tuple[dict[str, str], ...] = (
    {"SOTY_SECRET": OLD, "SOTY_SECRET_PREVIOUS": NEW},
    {"SOTY_SECRET": NEW, "SOTY_SECRET_PREVIOUS": OLD},
)
"""As docs/guides/run-in-production.md tells; later the old one is unset."""
VERIFIED = "UPDATE identity.account SET email_verified_at = created_at"
PROCESSES, PEOPLE = 2, 4


class Row:
    """Processes behind a proxy, which are replaced one by one."""

    def __init__(self, folder: Path, database: str) -> None:
        """:param database: address of the one that all of them share."""
        self.urls: list[str] = []
        self._stacks: list[ExitStack] = []
        self._settings = {
            "SOTY_PROFILE": "test",
            "SOTY_APP_MODE": "webhook_only",
            "SOTY_EMBEDDED": "never",
            "SOTY_POSTGRES_URL": database,
            "SOTY_PUBLIC_URL": PUBLIC_URL,
            "SOTY_HTTP_TRUSTED_PROXIES": "127.0.0.1",
            "SOTY_API_KEY": "the-key-of-the-tests",
        }
        self._folder = folder

    async def start(self, roots: dict[str, str]) -> None:
        """One more process."""
        stack = ExitStack()
        program = Program(self._folder, **self._settings, **roots)
        _, url = await asyncio.to_thread(stack.enter_context, program.serving())
        self.urls.append(url)
        self._stacks.append(stack)

    async def stop(self, people: list[Traveller]) -> None:
        """Stop the oldest one, once nobody calls it any more."""
        del self.urls[0]
        for each in people:
            async with each.calling:
                pass
        await asyncio.to_thread(self._stacks.pop(0).close)

    async def replace(self, people: list[Traveller], roots: dict[str, str]) -> None:
        """Replace all of them."""
        for _ in range(PROCESSES):
            await self.start(roots)
            await self.stop(people)

    def close(self) -> None:
        """Stop what runs."""
        for stack in self._stacks:
            stack.close()


@pytest.fixture
async def row(data_dir: Path, fresh_postgres_url: str) -> AsyncIterator[Row]:
    """Two processes with the old root alone."""
    row = Row(data_dir, fresh_postgres_url)
    for _ in range(PROCESSES):
        await row.start({"SOTY_SECRET": OLD})
    yield row
    row.close()


@pytest.mark.slow
async def test_nobody_is_signed_out_and_nothing_fails(row: Row, fresh_postgres_url: str) -> None:
    async with AsyncExitStack() as stack:
        people = await stack.enter_async_context(travellers(row.urls, PEOPLE))
        generator = await _second_factor(people[0], fresh_postgres_url)
        idle = [await each.beside(await _http(stack)) for each in people[1:]]
        stop = asyncio.Event()
        working = [asyncio.create_task(_work(each, stop)) for each in people]
        for step, roots in enumerate(STEPS):
            await row.replace(people, roots)
            assert [await each.me() for each in idle] == [200] * len(idle), step
        guest = await _http(stack)
        await _sign_in_by_both(Traveller(guest, row.urls, 0, SessionKind.BEARER), generator.at(time.time()))
        assert [await each.refresh() for each in idle] == [200] * len(idle)
        stop.set()
        rounds = await asyncio.gather(*working)
        assert min(rounds) > PROCESSES * len(STEPS), rounds
        await row.replace(people, {"SOTY_SECRET": NEW})
        assert [await each.me() for each in (*people, *idle)] == [200] * len([*people, *idle])
        await _sign_in_by_both(Traveller(guest, row.urls, 0, SessionKind.BEARER), generator.at(time.time() + 30))


async def _http(stack: AsyncExitStack) -> httpx.AsyncClient:
    return await stack.enter_async_context(browser())


async def _work(person: Traveller, stop: asyncio.Event) -> int:
    """Use a session as people do, and as their tabs do all at once, until it is enough."""
    rounds = 0
    while not stop.is_set():
        assert await person.me() == 200
        assert await person.refresh_everywhere() == [200]
        rounds += 1
    return rounds


async def _second_factor(person: Traveller, database: str) -> pyotp.TOTP:
    """Turn it on by the code of half a minute ago, so that those of now and of then are not used yet."""
    async with store_of(database, pool=1) as store, store.connection() as connection:
        await connection.execute(VERIFIED)
    await person.sign_in()
    generator = pyotp.TOTP((await person.call("POST", f"{AUTH}/mfa/totp")).json()["secret"])
    done = await person.call("POST", f"{AUTH}/mfa/totp/confirm", {"code": generator.at(time.time() - 30)})
    assert done.status_code == 200, done.text
    return generator


async def _sign_in_by_both(person: Traveller, code: str) -> None:
    asked = await person.call("POST", f"{AUTH}/login", {"login": person.login, "password": PASSWORD})
    challenge = asked.json()["challenge"]
    done = await person.call("POST", f"{AUTH}/mfa/challenge", {"challenge": challenge, "code": code})
    assert done.status_code == 200, done.text
