"""An application on a port of its own, and Chromium that looks at it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from playwright.async_api import Browser, Page, Request, async_playwright

from entrypoints.cli.ports import with_ports
from entrypoints.http.main import run
from entrypoints.shared.settings import Settings
from tests.support.http import memory_settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing; apt-get install chromium enables it")


@dataclass
class Seen:
    """What a page asked for, and what the browser complained of."""

    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def outside(self, address: str) -> list[str]:
        """What was asked of anybody but the address."""
        local = urlsplit(address).netloc
        return [
            url for url in self.asked if urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc != local
        ]


@asynccontextmanager
async def served(settings: Settings | None = None) -> AsyncIterator[str]:
    """The address of an application on the memory adapter if nothing else is said."""
    settings = memory_settings() if settings is None else settings
    settings = msgspec.structs.replace(settings, http=msgspec.structs.replace(settings.http, port=0))
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    with with_ports(settings, ["http"]) as ports:
        async with asyncio.TaskGroup() as group:
            group.create_task(run(ports.settings, ports.sockets["http"], stop, address.set_result))
            try:
                yield await address
            finally:
                stop.set()


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The Chromium of this test process; what pages keep is forgotten with each of them."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def browser_page(browser: Browser, seen: Seen, **options: Any) -> AsyncIterator[Page]:
    """A page of a reader of its own, with cookies and a cache of its own.

    :param seen: filled while the page lives.
    :param options: of the context, such as ``color_scheme``.
    """
    page = await browser.new_page(**options)

    def on_request(request: Request) -> None:
        seen.asked.append(request.url)

    page.on("request", on_request)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("console", lambda line: seen.complaints.append(line.text) if line.type == "error" else None)
    try:
        yield page
    finally:
        await page.close()
