"""Somebody who calls real processes, now this one and now that."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx

from core.identity.api import SessionKind

PUBLIC_URL = "http://soty.test"
AUTH = "/api/v1/auth"
PASSWORD = "four kites over a quiet harbour"


class Traveller:
    """One person with one session, carried by tokens or by cookies."""

    def __init__(self, http: httpx.AsyncClient, urls: Sequence[str], number: int, kind: SessionKind) -> None:
        """:param urls: of the processes that may be called; they may change.
        :param number: of the person and of the address that it calls from.
        """
        self.http, self.urls, self.kind = http, urls, kind
        self.login = f"p{number}@example.com"
        self._from = f"10.1.{number >> 8}.{number & 255}"
        self._chance = random.Random(number)
        self.tokens: Mapping[str, Any] = {}
        self.calling = asyncio.Lock()

    async def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Call an operation of any process, and keep what carries the session from now on."""
        async with self.calling:
            answer = await self._send(self._chance.choice(self.urls), method, path, body)
        if answer.headers.get("content-type") == "application/json" and "session_id" in answer.json():
            self.tokens = answer.json()
        return answer

    async def register(self) -> None:
        """Make an account."""
        answer = await self.call("POST", f"{AUTH}/register", {"login": self.login, "password": PASSWORD})
        assert answer.status_code == 202, answer.text

    async def sign_in(self) -> None:
        """Begin a session."""
        path = f"{AUTH}/login?transport={self.kind.value}"
        answer = await self.call("POST", path, {"login": self.login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text

    async def me(self) -> int:
        """The status of asking who one is."""
        return (await self.call("GET", f"{AUTH}/me")).status_code

    async def refresh(self) -> int:
        """The status of going on."""
        return (await self.call("POST", f"{AUTH}/refresh", self._renewing)).status_code

    async def refresh_everywhere(self) -> list[int]:
        """Go on, by every process at once: the statuses of answers that differ."""
        async with self.calling:
            sending = [self._send(url, "POST", f"{AUTH}/refresh", self._renewing) for url in self.urls]
            answers = await asyncio.gather(*sending)
        self.tokens = answers[0].json()
        differing = {(each.json().get("refresh_token"), *sorted(each.cookies.items())): each for each in answers}
        return [each.status_code for each in differing.values()]

    @property
    def _renewing(self) -> dict[str, str]:
        return {} if self.kind is SessionKind.COOKIE else {"refresh_token": self.tokens["refresh_token"]}

    async def _send(self, url: str, method: str, path: str, body: Any) -> httpx.Response:
        headers = {"x-forwarded-for": self._from, "origin": PUBLIC_URL}
        if "access_token" in self.tokens:
            headers["authorization"] = f"Bearer {self.tokens['access_token']}"
        return await self.http.request(method, url + path, json=body, headers=headers)

    async def beside(self, http: httpx.AsyncClient) -> "Traveller":
        """The same person in another session."""
        other = Traveller(http, self.urls, 0, self.kind)
        other.login, other._from = self.login, self._from
        await other.sign_in()
        return other


def browser() -> httpx.AsyncClient:
    """A jar of cookies; every call has a connection of its own, since a process closes those that wait for long."""
    return httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_keepalive_connections=0))


@asynccontextmanager
async def travellers(urls: Sequence[str], many: int, *, first: int = 0) -> AsyncIterator[list[Traveller]]:
    """People who are signed in, every other one by cookies.

    :param first: number of the first one.
    """
    async with AsyncExitStack() as stack:
        found = []
        for number in range(first, first + many):
            http = await stack.enter_async_context(browser())
            kind = SessionKind.COOKIE if number % 2 else SessionKind.BEARER
            found.append(Traveller(http, urls, number, kind))
        for each in found:
            await each.register()
            await each.sign_in()
        yield found
