"""Pages in a real browser: in both themes, wide and narrow, by keyboard, and without scripts."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from entrypoints.shared.texts import page_text
from tests.entrypoints.http.test_ops_browser import NARROW, WIDE, contrasts, too_faint
from tests.support.browser import Seen, browser_page, needs_browser, served

pytestmark = [pytest.mark.browser, needs_browser]
OUTSIDE = ["/", "/nowhere"]


async def serious(page: Page) -> list[str]:
    """What axe finds that shuts people out."""
    found = await Axe().run(page)
    return [
        f"{each['id']}: {each['nodes'][0]['html']}"
        for each in found.response["violations"]
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "360"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_pages_outside_the_shell_are_whole_and_readable(
    browser: Browser, scheme: str, viewport: dict[str, int]
) -> None:
    seen = Seen()
    options: dict[str, Any] = {"color_scheme": scheme, "viewport": viewport, "locale": "ru"}
    async with served() as address, browser_page(browser, seen, **options) as page:
        for path in OUTSIDE:
            await page.goto(f"{address}{path}", wait_until="networkidle")
            assert await page.locator("h1").count() == 1
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert too_faint(await contrasts(page)) == []
            assert await serious(page) == []
    assert seen.outside(address) == []
    assert [line for line in seen.complaints if "404" not in line] == []


async def test_axe_would_find_what_shuts_people_out(browser: Browser) -> None:
    async with served() as address, browser_page(browser, Seen()) as page:
        await page.goto(address)
        await page.evaluate("document.querySelector('a.skip').replaceChildren()")
        assert [line.partition(":")[0] for line in await serious(page)] == ["link-name"]


@pytest.mark.parametrize("scripts", [True, False])
async def test_the_language_is_switched_in_place(browser: Browser, scripts: bool) -> None:
    async with served() as address, browser_page(browser, Seen(), java_script_enabled=scripts, locale="en") as page:
        await page.goto(f"{address}/?from=here")
        await page.get_by_role("button", name="Русский").click()
        await page.wait_for_url("**/?from=here")
        assert await page.locator("html").get_attribute("lang") == "ru"
        assert await page.locator("h1").inner_text() == page_text("ru", "panel.hero")
