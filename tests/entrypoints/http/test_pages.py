"""The pages, as files and in a real browser."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import msgspec
import pytest
from playwright.async_api import Page, Request, async_playwright

from entrypoints.http.main import run
from entrypoints.http.pages import FILES, STATIC
from tests.support.http import Client, memory_settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
LICENCES = ["swagger-ui/LICENSE", "swagger-ui/NOTICE", "redoc/LICENSE", "redoc/redoc.standalone.js.LICENSE.txt"]


@pytest.mark.parametrize("path", FILES)
async def test_a_file_is_served_as_what_it_is(shared: Client, path: str) -> None:
    name, media = FILES[path]
    answer = await shared.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media.decode()
    assert answer.content == STATIC.joinpath(name).read_bytes()
    policy = answer.headers["content-security-policy"]
    assert "http" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_a_page_names_nothing_outside(shared: Client, path: str) -> None:
    page = (await shared.get(path)).text
    for target in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert target in FILES


def test_licences_come_along() -> None:
    for name in LICENCES:
        assert STATIC.joinpath(name).stat().st_size


@asynccontextmanager
async def _served() -> AsyncIterator[str]:
    settings = memory_settings()
    settings = msgspec.structs.replace(settings, http=msgspec.structs.replace(settings.http, port=0))
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(run(settings, stop, address.set_result))
        try:
            yield await address
        finally:
            stop.set()


@asynccontextmanager
async def _browser_page(asked: list[str], complaints: list[str]) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page()

        def on_request(request: Request) -> None:
            asked.append(request.url)

        page.on("request", on_request)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        try:
            yield page
        finally:
            await browser.close()


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing; apt-get install chromium enables it")
@pytest.mark.parametrize(
    "path, texts",
    [
        ("/docs", ["Read a movement", "/api/v1/kafka/webhook", "Change a stock by hand"]),
        ("/redoc", ["Read a movement", "Take one message of a warehouse", "Movements of goods between warehouses"]),
    ],
)
async def test_a_page_is_whole_and_asks_nobody_else(path: str, texts: list[str]) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    async with _served() as address, _browser_page(asked, complaints) as page:
        await page.goto(f"{address}{path}")
        for text in texts:
            await page.get_by_text(text).filter(visible=True).first.wait_for(timeout=30_000)
        await page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        await page.wait_for_load_state("networkidle")
        local = urlsplit(address).netloc
    outside = [url for url in asked if urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc != local]
    assert outside == []
    assert complaints == []
    assert f"{address}/openapi.json" in asked
