"""The overview in a real browser: narrow and wide, light and dark, with and without scripts."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from entrypoints.http.pages import STATIC
from entrypoints.shared.texts import page_text
from tests.support.browser import Seen, browser_page, needs_browser, served
from tests.support.http import BEARER, KEY

pytestmark = [pytest.mark.browser, needs_browser]
AA, AA_LARGE = 4.5, 3.0
CONTRASTS = Path(__file__).with_name("contrasts.js").read_text(encoding="utf-8")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


async def contrasts(page: Page) -> list[dict[str, Any]]:
    """Every text that is seen, with the contrast to what is behind it (WCAG 2.2, 1.4.3)."""
    found: list[dict[str, Any]] = await page.evaluate(CONTRASTS)
    return found


def too_faint(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in found if each["ratio"] < (AA_LARGE if each["large"] else AA)]


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "360"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ru"])
async def test_it_is_whole_readable_and_asks_nobody_else(
    browser: Browser, scheme: str, viewport: dict[str, int], language: str
) -> None:
    seen = Seen()
    options: dict[str, Any] = {"color_scheme": scheme, "viewport": viewport, "locale": language}
    async with served() as address, browser_page(browser, seen, extra_http_headers=BEARER, **options) as page:
        await page.goto(f"{address}/ops", wait_until="networkidle")
        for summary in await page.locator("summary").all():
            await summary.click()
        assert await page.locator("h1").inner_text() == page_text(language, "ops.title")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found = await contrasts(page)
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == _ground(scheme)
    assert len(found) > 60
    assert too_faint(found) == []
    assert seen.outside(address) == []
    assert seen.complaints == []


def _ground(scheme: str) -> str:
    css = STATIC.joinpath("soty.css").read_text(encoding="utf-8")
    light, dark = css.partition("--ground: light-dark(")[2].partition(")")[0].split(", ")
    text = (light if scheme == "light" else dark).removeprefix("#")
    return f"rgb({', '.join(str(int(text[at : at + 2], 16)) for at in (0, 2, 4))})"


async def test_faint_text_would_be_found(browser: Browser) -> None:
    async with (
        served() as address,
        browser_page(browser, Seen(), extra_http_headers=BEARER, color_scheme="light") as page,
    ):
        await page.goto(f"{address}/ops")
        await page.evaluate("document.querySelector('h2').style.color = 'rgb(200, 200, 200)'")
        assert [each["text"] for each in too_faint(await contrasts(page))] == [page_text("en", "ops.processes")]


async def test_the_form_is_readable_and_lets_in(browser: Browser) -> None:
    seen = Seen()
    async with served() as address:
        for scheme in ("light", "dark"):
            async with browser_page(browser, seen, color_scheme=scheme, viewport=NARROW) as page:
                await page.goto(f"{address}/ops")
                await page.keyboard.type("wrong")
                await page.keyboard.press("Enter")
                await page.get_by_role("alert").wait_for()
                assert too_faint(await contrasts(page)) == []
                await page.keyboard.type(KEY)
                await page.keyboard.press("Enter")
                await page.locator("#processes").wait_for()
                assert await page.evaluate("document.cookie") == "", "scripts do not see the cookie"
    assert seen.outside(address) == []
    assert [line for line in seen.complaints if "401" not in line] == []


async def test_everything_is_reached_by_the_keyboard_in_order(browser: Browser) -> None:
    async with served() as address, browser_page(browser, Seen(), extra_http_headers=BEARER, viewport=WIDE) as page:
        await page.goto(f"{address}/ops")
        wanted = await page.evaluate(
            "[...document.querySelectorAll('a[href], button, summary')].filter(e => e.checkVisibility()).length"
        )
        reached: list[str] = []
        for _ in range(wanted + 1):
            await page.keyboard.press("Tab")
            reached.append(
                await page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")
            )
            ring = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert ring != "none" or reached[-1] in ("menu", "Skip to the content"), reached[-1]
        assert len(reached) == wanted + 1, "and the switch of the menu"
        assert reached[0] == "Skip to the content"
        assert all(one != other for one, other in pairwise(reached))


async def test_the_menu_opens_by_the_keyboard_on_a_narrow_screen(browser: Browser) -> None:
    async with served() as address, browser_page(browser, Seen(), extra_http_headers=BEARER, viewport=NARROW) as page:
        await page.goto(f"{address}/ops")
        link = page.get_by_role("link", name="Swagger UI")
        assert not await link.is_visible()
        await page.locator("#menu").focus()
        await page.keyboard.press("Space")
        assert await link.is_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scripts", [True, False])
async def test_the_theme_is_switched_and_kept_without_a_script_too(browser: Browser, scripts: bool) -> None:
    async with (
        served() as address,
        browser_page(
            browser, Seen(), extra_http_headers=BEARER, color_scheme="light", java_script_enabled=scripts
        ) as page,
    ):
        await page.goto(f"{address}/ops")
        await page.get_by_role("button", name="Dark").click()
        await page.goto(f"{address}/ops")
        assert await page.locator("html").get_attribute("data-theme") == "dark"
        assert await page.locator("meta[http-equiv=refresh]").count() == (0 if scripts else 1)
        assert await page.locator("#adapters tbody tr").count() == 6


async def test_parts_are_renewed_in_place_and_a_silent_server_is_told(browser: Browser) -> None:
    async with served() as address, browser_page(browser, Seen(), extra_http_headers=BEARER) as page:
        await page.clock.install()
        await page.goto(f"{address}/ops")
        await page.locator("summary").first.click()
        before = await page.locator("time").get_attribute("datetime")
        await page.clock.run_for(5_000)
        await page.wait_for_function("before => document.querySelector('time').dateTime !== before", arg=before)
        assert await page.locator("details").first.get_attribute("open") == ""
        await page.route("**/ops", lambda route: route.abort())
        await page.clock.run_for(5_000)
        await page.locator("#offline").wait_for(state="visible")
        await page.unroute_all()
        await page.clock.run_for(5_000)
        await page.locator("#offline").wait_for(state="hidden")
