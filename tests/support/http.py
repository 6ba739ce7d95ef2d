"""The HTTP application on the memory adapter, and what a client of it sends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx
import msgspec
from dishka import AsyncContainer, Provider

from adapters.postgres.settings import PostgresSettings
from core.kernel.auth import Authenticator
from core.kernel.secret import Secret
from entrypoints.http.addresses import Addresses
from entrypoints.http.callers import Callers
from entrypoints.http.container import build
from entrypoints.http.cookies import Cookies
from entrypoints.http.inventory.examples import DESTINATION, PRODUCT, SOURCE
from entrypoints.http.main import assemble
from entrypoints.shared.settings import AppSettings, Settings
from tests.support.events import sample

KEY = "the-key-of-the-tests"
SECRET = "the-root-of-all-keys-of-the-tests"
URL = "http://soty.test"
WEBHOOK = "/api/v1/kafka/webhook"
MOVEMENTS = "/api/v1/movements"
WAREHOUSE = "/api/v1/warehouse"
ADJUSTMENTS = "/api/v1/warehouse/adjustments"
QUARANTINE = "/api/v1/warehouse/quarantine"
JSON = {"content-type": "application/json"}
BEARER = {"authorization": f"Bearer {KEY}"}


def memory_settings(key: str | None = KEY, profile: str = "memory") -> Settings:
    """Settings of a process on the memory adapter.

    :param key: the service key; None: there is none.
    """
    settings = Settings()
    return msgspec.structs.replace(
        settings,
        app=msgspec.structs.replace(settings.app, profile=profile, public_url=URL),
        security=msgspec.structs.replace(
            settings.security,
            api_key=None if key is None else Secret(key),
            secret=Secret(SECRET),
            password_memory=64,
            password_passes=1,
        ),
    )


def postgres_settings(url: str) -> Settings:
    """Settings of a process on a database.

    :param url: address of a migrated database.
    """
    settings = memory_settings(profile="test")
    return msgspec.structs.replace(settings, postgres=PostgresSettings(url=Secret(url), pool=5))


def callers_of(authenticator: Authenticator, url: str = URL) -> Callers:
    """Callers that an authenticator knows, without proxies.

    :param url: the public address.
    """
    settings = Settings(app=AppSettings(public_url=url))
    return Callers(authenticator, Addresses(()), Cookies(settings), settings)


class Client:
    """Speaks to the application without a network."""

    def __init__(self, http: httpx.AsyncClient, container: AsyncContainer | None = None) -> None:
        self.http = http
        self.container: Any = container

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Read; the words are headers."""
        return await self.http.get(path, headers=headers)

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Send JSON, or bytes as they are; the words are headers."""
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return await self.http.post(path, content=content, headers={**JSON, **headers})

    async def adjust(self, delta: int, **changes: Any) -> httpx.Response:
        """Change the stock of the sample's source."""
        body = {"warehouse_id": SOURCE, "product_id": PRODUCT, "delta": delta, "reason": "opening_balance", **changes}
        return await self.post(ADJUSTMENTS, body)

    async def quantity(self, warehouse: object = SOURCE) -> int:
        """The stock of the sample's product."""
        answer = await self.get(f"{WAREHOUSE}/{warehouse}/products/{PRODUCT}")
        found: int = answer.json()["quantity"]
        return found

    async def walk(self) -> list[httpx.Response]:
        """The walk of the README: 100 in, 100 leave, 98 arrive under the same envelope id."""
        return [
            await self.adjust(100),
            await self.post(WEBHOOK, sample("departure")),
            await self.post(WEBHOOK, sample("arrival")),
        ]


@asynccontextmanager
async def serving(
    settings: Settings, *overrides: Provider, key: str | None = KEY, **headers: str
) -> AsyncIterator[Client]:
    """An application of its own and a client of it; the words are headers of every request.

    :param key: what the client sends as its key; None: it is a stranger.
    """
    headers = headers if key is None else {"authorization": f"Bearer {key}", **headers}
    container = build(settings, *overrides)
    try:
        transport = httpx.ASGITransport(cast(Any, await assemble(container)))
        async with httpx.AsyncClient(transport=transport, base_url=URL, headers=headers) as http:
            yield Client(http, container)
    finally:
        await container.close()


__all__ = ["DESTINATION", "PRODUCT", "SOURCE", "Client", "memory_settings", "sample", "serving"]
