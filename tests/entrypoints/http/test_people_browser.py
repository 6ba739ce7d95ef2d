"""People in a real browser: they come, go, come back and change their minds, with scripts and without."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from pyotp import TOTP

from entrypoints.shared.texts import page_text
from tests.entrypoints.http.test_ops_browser import NARROW, WIDE, contrasts, too_faint
from tests.entrypoints.http.test_panel_browser import serious
from tests.support.browser import Seen, browser_page, needs_browser
from tests.support.town import OTHER, PASSWORD, Town, town

pytestmark = [pytest.mark.browser, needs_browser]
ANN = "ann@example.com"
OUTSIDE = [
    "/sign-in",
    "/sign-in/code",
    "/setup",
    "/join",
    "/register",
    "/verify-email",
    "/verify-email?token=x",
    "/forgot-password",
    "/reset-password",
]
INSIDE = [
    "/profile",
    "/profile/security",
    "/profile/security/password",
    "/profile/security/email",
    "/profile/security/two-factor",
    "/profile/security/api-keys",
    "/profile/security/networks",
    "/profile/security/activity",
    "/profile/security/telegram",
    "/profile/addresses",
    "/profile/addresses/new",
]


def said(code: str, language: str = "en") -> str:
    return page_text(language, code)


async def press(page: Page, code: str) -> None:
    await page.get_by_role("main").get_by_role("button", name=said(code), exact=True).click()


async def fill(page: Page, **fields: str) -> None:
    for name, text in fields.items():
        await page.locator(f"main [name={name}]:visible").first.fill(text)


async def come(page: Page, town: Town) -> None:
    """Register, verify by the link, and sign in."""
    await page.goto(f"{town.address}/register")
    await fill(page, login=ANN, password=PASSWORD)
    await press(page, "panel.register")
    await page.wait_for_url("**/verify-email?login=*")
    await page.goto(town.link)
    await press(page, "panel.verify_button")
    await page.wait_for_url("**/sign-in")
    await sign_in(page)


async def sign_in(page: Page, password: str = PASSWORD) -> None:
    await fill(page, login=ANN, password=password)
    await press(page, "panel.sign_in")
    await page.wait_for_url("**/profile")


@asynccontextmanager
async def visiting(browser: Browser, seen: Seen | None = None, **options: Any) -> AsyncIterator[tuple[Town, Page]]:
    async with town() as place, browser_page(browser, seen or Seen(), **options) as page:
        yield place, page


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_somebody_comes_leaves_forgets_and_comes_back(browser: Browser, scripts: bool) -> None:
    seen = Seen()
    async with visiting(browser, seen, java_script_enabled=scripts, locale="en") as (place, page):
        await come(page, place)
        await expect(page.get_by_text(said("panel.verified"))).to_be_visible()
        assert await page.evaluate("document.cookie") == "" if scripts else True

        await page.locator("details.me summary").click()
        await page.get_by_role("button", name=said("panel.sign_out"), exact=True).first.click()
        await page.wait_for_url("**/sign-in")
        await expect(page.get_by_text(said("panel.notice_signed_out"))).to_be_visible()
        await page.goto(f"{place.address}/profile/security")
        await page.wait_for_url("**/sign-in?next=/profile/security")
    assert seen.outside(place.address) == []
    assert seen.complaints == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_the_code_of_the_letter_is_as_good_as_its_link(browser: Browser, scripts: bool) -> None:
    async with visiting(browser, java_script_enabled=scripts, locale="en") as (place, page):
        await page.goto(f"{place.address}/register")
        await fill(page, login=ANN, password=PASSWORD)
        await press(page, "panel.register")
        await expect(page.locator("[name=login]:visible")).to_have_value(ANN)
        await fill(page, code="000000")
        await press(page, "panel.verify_button")
        await expect(page.get_by_role("alert")).to_be_visible()
        await fill(page, code=place.letter["code"])
        await press(page, "panel.verify_button")
        await page.wait_for_url("**/sign-in")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_a_password_is_changed_and_other_devices_are_told(browser: Browser, scripts: bool) -> None:
    async with visiting(browser, java_script_enabled=scripts, locale="en") as (place, page):
        await come(page, place)
        await page.get_by_role("link", name=said("panel.security"), exact=True).first.click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(said("panel.security"))
        await page.goto(f"{place.address}/profile/security/password")
        await fill(page, current_password="another", new_password=OTHER)
        await press(page, "panel.change_password")
        await expect(page.get_by_text(said("panel.password_wrong"))).to_be_visible()
        assert await page.locator("[name=new_password]").input_value() == ""
        await fill(page, current_password=PASSWORD, new_password=OTHER)
        await press(page, "panel.change_password")
        await page.wait_for_url("**/profile/security")
        await expect(page.get_by_text(said("panel.notice_password_changed"))).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_addresses_are_kept_and_a_picture_is_shown(browser: Browser, scripts: bool) -> None:
    async with visiting(browser, java_script_enabled=scripts, locale="en") as (place, page):
        await come(page, place)
        await page.goto(f"{place.address}/profile/addresses/new")
        await fill(page, label="Home", name="Ann", line1="Linden 5", city="Berlin", country="xx")
        await press(page, "panel.save")
        await expect(page.locator("#country-wrong")).to_be_visible()
        await expect(page.locator("[name=line1]")).to_have_value("Linden 5")
        await fill(page, country="de")
        await press(page, "panel.save")
        await page.wait_for_url("**/profile/addresses")
        await expect(page.locator("article")).to_have_count(1)
        await page.goto(f"{place.address}/profile")
        await fill(page, first_name="Ann", about="Likes bees.")
        await press(page, "panel.save")
        await expect(page.locator("[name=about]")).to_have_value("Likes bees.")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_a_second_factor_is_turned_on_and_asked_for(browser: Browser, scripts: bool) -> None:
    seen = Seen()
    async with visiting(browser, seen, java_script_enabled=scripts, locale="en") as (place, page):
        await come(page, place)
        await page.goto(f"{place.address}/profile/security/two-factor")
        await press(page, "panel.set_up")
        await expect(page.get_by_role("img", name=said("panel.factor_qr"))).to_be_visible()
        await page.get_by_text(said("panel.factor_by_hand")).click()
        app = TOTP(await page.locator("#secret").inner_text())
        assert not scripts or await serious(page) == []
        await fill(page, code=app.now())
        await press(page, "panel.factor_enable")
        recovery = (await page.locator("#codes").inner_text()).split()
        assert len(recovery) == 10
        assert await page.get_by_role("button", name=said("panel.copy")).count() == (1 if scripts else 0)
        await page.context.clear_cookies()
        await page.goto(f"{place.address}/sign-in?next=/profile/addresses")
        await fill(page, login=ANN, password=PASSWORD)
        await press(page, "panel.sign_in")
        await page.wait_for_url("**/two-factor?next=/profile/addresses")
        assert not scripts or await serious(page) == []
        await page.get_by_text(said("panel.recovery_instead")).click()
        await fill(page, recovery_code=recovery[0])
        await page.get_by_role("button", name=said("panel.sign_in"), exact=True).last.click()
        await page.wait_for_url("**/profile/addresses")
    assert seen.complaints == []


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "360"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_is_whole_and_readable(browser: Browser, scheme: str, viewport: dict[str, int]) -> None:
    seen = Seen()
    async with visiting(browser, seen, color_scheme=scheme, viewport=viewport, locale="en") as (place, page):
        for path in OUTSIDE:
            await looked_at(page, place, path)
        await come(page, place)
        for path in INSIDE:
            await looked_at(page, place, path)
    assert seen.outside(place.address) == []
    assert seen.complaints == []


async def looked_at(page: Page, place: Town, path: str) -> None:
    """Look at a page as somebody with weak eyes, with a small screen, or with a screen reader would."""
    await page.goto(f"{place.address}{path}", wait_until="networkidle")
    assert await page.locator("h1").count() == 1, path
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert too_faint(await contrasts(page)) == [], path
    assert await serious(page) == [], path


async def test_pages_follow_each_other_inside_the_shell_and_back_leads_back(browser: Browser) -> None:
    seen = Seen()
    async with visiting(browser, seen, locale="en") as (place, page):
        await come(page, place)
        await page.evaluate("window.same = true")
        await page.get_by_role("link", name=said("panel.addresses"), exact=True).first.click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(said("panel.addresses"))
        await expect(page).to_have_title(f"{said('panel.addresses')} · Soty")
        await expect(page.locator("#side [aria-current=page]")).to_have_text(said("panel.addresses"))
        await expect(page.get_by_role("heading", level=1)).to_be_focused()
        assert await page.evaluate("window.same") is True, "only what is inside the shell was asked for"
        assert page.url.endswith("/profile/addresses")
        await page.go_back()
        await expect(page.get_by_role("heading", level=1)).to_have_text(said("panel.profile"))
        await page.reload()
        await expect(page.get_by_role("heading", level=1)).to_have_text(said("panel.profile"))
    assert seen.complaints == []


async def test_a_session_that_ended_leads_to_the_door_and_back(browser: Browser) -> None:
    async with visiting(browser, locale="en") as (place, page):
        await come(page, place)
        await page.context.clear_cookies()
        await page.get_by_role("link", name=said("panel.addresses"), exact=True).first.click()
        await page.wait_for_url("**/sign-in?next=/profile/addresses")
        await fill(page, login=ANN, password=PASSWORD)
        await press(page, "panel.sign_in")
        await page.wait_for_url("**/profile/addresses")


async def test_somebody_comes_in_by_the_keyboard_alone(browser: Browser) -> None:
    async with visiting(browser, locale="en") as (place, page):
        await come(page, place)
        await page.context.clear_cookies()
        await page.goto(f"{place.address}/sign-in")
        await page.keyboard.type(ANN)
        await page.keyboard.press("Tab")
        await page.keyboard.type(PASSWORD)
        await page.keyboard.press("Tab")
        await page.keyboard.press("Space")
        await expect(page.locator("[name=password]")).to_have_attribute("type", "text")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/profile")
