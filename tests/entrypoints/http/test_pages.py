"""The pages, as files and in a real browser."""

import re

import pytest
from playwright.async_api import Browser

from entrypoints.http.errors import ERRORS
from entrypoints.http.pages import FILES, STATIC
from tests.support.browser import Seen, browser_page, needs_browser, served
from tests.support.http import MOVEMENTS, Client

LICENCES = [
    "swagger-ui/LICENSE",
    "swagger-ui/NOTICE",
    "redoc/LICENSE",
    "redoc/redoc.standalone.js.LICENSE.txt",
    "htmx/LICENSE",
]


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


@pytest.mark.parametrize("language, title", [("en", "Movement not found"), ("ru", "Перемещение не найдено")])
async def test_the_type_of_a_problem_leads_to_its_place_on_a_page(shared: Client, language: str, title: str) -> None:
    reader = {"Accept-Language": language}
    problem = (await shared.get(f"{MOVEMENTS}/00000000-0000-0000-0000-000000000000", **reader)).json()
    path, _, anchor = problem["type"].partition("#")
    answer = await shared.get(path, **reader)
    assert (answer.status_code, answer.headers["content-language"]) == (200, language)
    assert f'<html lang="{language}">' in answer.text
    (section,) = [part for part in answer.text.split("<section ")[1:] if part.startswith(f'id="{anchor}"')]
    assert f"<h2>{title}</h2>" in section
    assert set(re.findall(r'<section id="([^"]+)"', answer.text)) == set(ERRORS)


async def test_a_page_escapes_what_texts_say(shared: Client) -> None:
    assert "&lt;source&gt;:&lt;EVENT&gt;" in (await shared.get("/errors")).text


def test_licences_come_along() -> None:
    for name in LICENCES:
        assert STATIC.joinpath(name).stat().st_size


@pytest.mark.browser
@needs_browser
@pytest.mark.parametrize(
    "path, texts",
    [
        ("/docs", ["Read a movement", "/api/v1/kafka/webhook", "Change a stock by hand"]),
        ("/redoc", ["Read a movement", "Take one message of a warehouse", "Movements of goods between warehouses"]),
    ],
)
async def test_a_page_is_whole_and_asks_nobody_else(browser: Browser, path: str, texts: list[str]) -> None:
    seen = Seen()
    async with served() as address, browser_page(browser, seen) as page:
        await page.goto(f"{address}{path}")
        for text in texts:
            await page.get_by_text(text).filter(visible=True).first.wait_for(timeout=30_000)
        await page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        await page.wait_for_load_state("networkidle")
    assert seen.outside(address) == []
    assert seen.complaints == []
    assert f"{address}/openapi.json" in seen.asked
