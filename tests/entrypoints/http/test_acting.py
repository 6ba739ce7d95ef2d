"""Acting as somebody else in a browser: how it begins, what every page says, and how it ends."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from playwright.async_api import Browser, expect

from core.identity.usecases.add_person import AddPerson
from core.identity.usecases.queries.activity import ListActivityOf
from core.identity.usecases.watch_over_people import EndSessionsOf
from core.kernel.actor import system_actor
from entrypoints.http.panel.forgery import FIELD, form_token
from entrypoints.shared.settings import Settings
from entrypoints.shared.texts import error_text, page_text
from tests.entrypoints.http.test_ops_browser import NARROW, WIDE, contrasts, too_faint
from tests.entrypoints.http.test_panel_browser import serious
from tests.entrypoints.http.test_people_browser import fill, press
from tests.entrypoints.http.test_people_pages import ANN, Person, browsing, heading, told
from tests.support.browser import Seen, browser_page, needs_browser
from tests.support.http import Client, serving
from tests.support.town import PASSWORD, Town, town

OLGA, MOD = "olga@example.com", "mod@example.com"
SYSTEM = system_actor("tests")


class Staff(Person):
    """Somebody who may act as others."""

    ann: UUID

    async def begin(self) -> None:
        await self.does(f"/people/{self.ann}/act-as", "/profile", reason="to see what she sees")


async def hired(place: Town | Client, login: str, *roles: str) -> UUID:
    add = await place.container.get(AddPerson)
    made = await add(SYSTEM, login=login, password=PASSWORD, roles=roles)
    assert made is not None
    return made.id


@asynccontextmanager
async def office() -> AsyncIterator[tuple[Town, UUID]]:
    """A town with an owner and with Ann."""
    async with town() as place:
        await hired(place, OLGA, "owner")
        yield place, await hired(place, ANN)


@pytest.fixture
async def olga() -> AsyncIterator[Staff]:
    async with office() as (place, ann), browsing(place) as person:
        staff = Staff(place, person.http)
        staff.ann = ann
        await staff.does("/sign-in", "/profile", login=OLGA, password=PASSWORD)
        yield staff


def banner(page: str) -> str:
    """What the banner says, without marks; empty where there is none."""
    found = re.search(r'<div class="acting".*?</div>', page, re.DOTALL)
    return "" if found is None else re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))


async def test_every_page_tells_who_acts_as_whom_and_until_when(olga: Staff) -> None:
    assert banner((await olga.see("/profile")).text) == ""
    await olga.begin()
    for path in ("/profile", "/profile/security", "/profile/addresses", "/confirm", "/profile/addresses/new", "/"):
        said = banner((await olga.see(path)).text)
        assert page_text("en", "panel.acting_as", {"name": ANN}) in said, path
        assert OLGA in said or path == "/", path
    assert re.search(r"ends \d\d \w+ \d{4}, \d\d:\d\d UTC", said) or path == "/"
    part = await olga.http.get("/profile", headers={"hx-request-type": "partial"})
    assert OLGA in banner(part.text)
    gone = await olga.see(f"/profile/addresses/{olga.ann}")
    assert (gone.status_code, OLGA in banner(gone.text)) == (404, True)


async def test_who_ends_it_is_himself_again(olga: Staff) -> None:
    before = olga.http.cookies["soty_session"]
    await olga.begin()
    as_ann = olga.http.cookies["soty_session"]
    assert (await olga.http.get("/api/v1/auth/me")).json()["impersonated_by_name"] == OLGA
    await olga.does("/people/back", f"/people/{olga.ann}")
    assert olga.http.cookies["soty_session"] == before
    assert "soty_own" not in olga.http.cookies
    assert (await olga.http.get("/api/v1/auth/me")).json()["email"] == OLGA
    olga.http.cookies["soty_session"] = as_ann
    assert (await olga.see("/profile")).headers["location"] == "/sign-in?next=/profile"
    end, begin, *_ = (await (await olga.town.container.get(ListActivityOf))(SYSTEM, olga.ann)).items
    assert (begin.action, end.action) == ("identity.impersonate", "identity.impersonate.end")
    assert end.impersonator == begin.actor


async def sent(client: Client, path: str, **fields: str) -> str:
    """Send the form of a page.

    :returns: where it leads.
    """
    token = form_token(client.http.cookies.get("soty_session") or "")
    answer = await client.http.post(path, data={FIELD: token, **fields})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.fixture
async def desk(empty_storage: Settings) -> AsyncIterator[tuple[Client, UUID]]:
    """The browser of an owner who acts as Ann, and Ann, on each storage."""
    async with serving(empty_storage, key=None, **{"sec-fetch-site": "same-origin"}) as client:
        await hired(client, OLGA, "owner")
        ann = await hired(client, ANN)
        await sent(client, "/sign-in", login=OLGA, password=PASSWORD)
        await sent(client, f"/people/{ann}/act-as", reason="to see what she sees")
        yield client, ann


async def refreshed(client: Client) -> tuple[int, str]:
    """What a refresh answers, and as whom the browser goes on."""
    answer = await client.post("/api/v1/auth/refresh", {})
    return answer.status_code, (await client.get("/api/v1/auth/me")).json().get("email", "")


async def test_no_refresh_takes_the_place_of_who_acts_as_somebody(desk: tuple[Client, UUID]) -> None:
    client, ann = desk
    before = dict(client.http.cookies)
    refused = await client.post("/api/v1/auth/refresh", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "identity.acting_not_renewed")
    assert dict(client.http.cookies) == before
    assert await refreshed(client) == (409, ANN)
    assert await sent(client, "/people/back") == f"/people/{ann}"
    assert await refreshed(client) == (200, OLGA)


async def test_once_the_acting_has_ended_a_refresh_goes_on_as_oneself(desk: tuple[Client, UUID]) -> None:
    client, ann = desk
    await (await client.container.get(EndSessionsOf))(SYSTEM, ann)
    assert (await client.get("/api/v1/auth/me")).status_code == 401
    assert await refreshed(client) == (200, OLGA)


async def test_a_program_goes_on_by_its_own_token_whatever_the_browser_does(desk: tuple[Client, UUID]) -> None:
    client, _ = desk
    granted = (await client.post("/api/v1/auth/login", {"login": OLGA, "password": PASSWORD})).json()
    answer = await client.post("/api/v1/auth/refresh", {"refresh_token": granted["refresh_token"]})
    assert (answer.status_code, answer.json()["session_id"]) == (200, granted["session_id"])


async def test_signing_out_while_acting_leaves_no_cookie_of_anybody(desk: tuple[Client, UUID]) -> None:
    client, _ = desk
    assert (await client.post("/api/v1/auth/logout")).status_code == 200
    assert {"soty_session", "soty_refresh", "soty_own"}.isdisjoint(client.http.cookies)


async def test_in_somebody_elses_name_nothing_is_proved(olga: Staff) -> None:
    await olga.begin()
    refused = await olga.see("/profile/security/email")
    assert (refused.status_code, heading(refused)) == (403, error_text("en", "kernel.proof_needed", {}).title)
    assert OLGA in banner(refused.text)
    assert (await olga.send("/profile/security/api-keys", do="create", name="x")).status_code == 403


async def test_only_the_session_of_who_acted_is_taken_up_again(olga: Staff) -> None:
    async with browsing(olga.town) as other:
        await hired(olga.town, MOD, "moderator")
        await other.does("/sign-in", "/profile", login=MOD, password=PASSWORD)
        foreign = other.http.cookies["soty_session"]
    for value in (foreign, "rubbish"):
        await olga.begin()
        del olga.http.cookies["soty_own"]
        olga.http.cookies["soty_own"] = value
        await olga.does("/people/back", "/sign-in")
        assert "soty_session" not in olga.http.cookies
        olga.http.cookies.clear()
        await olga.does("/sign-in", "/profile", login=OLGA, password=PASSWORD)


async def test_who_acts_as_nobody_goes_home(olga: Staff) -> None:
    await olga.does("/people/back", "/profile")
    assert (await olga.see("/people/back")).headers["location"] == "/profile"
    assert (await olga.see(f"/people/{olga.ann}/act-as")).headers["location"] == f"/people/{olga.ann}"


async def test_it_ends_when_the_one_who_acts_is_signed_out(olga: Staff) -> None:
    await olga.begin()
    owner = (await olga.http.get("/api/v1/auth/me")).json()["impersonated_by"]
    await (await olga.town.container.get(EndSessionsOf))(SYSTEM, UUID(owner))
    assert (await olga.see("/profile")).status_code == 303


async def test_staff_finds_people_blocks_them_and_lets_them_in_again(olga: Staff) -> None:
    page = (await olga.see("/people?text=ANN")).text
    assert ANN in page
    assert f'href="/people/{olga.ann}"' in page
    assert page_text("en", "panel.people_none") in (await olga.see("/people?text=nobody")).text
    one = f"/people/{olga.ann}"
    async with browsing(olga.town) as ann:
        await ann.does("/sign-in", "/profile", login=ANN, password=PASSWORD)
        assert (await ann.see("/people")).status_code == 403
        await olga.does(one, one, do="end")
        assert (await ann.see("/profile")).status_code == 303
        assert 'id="act-reason"' in (await olga.see(one)).text
        assert (await olga.send(one, do="block")).status_code == 422
        await olga.does(one, one, do="block", reason="spam")
        assert "spam" in (await olga.see(one)).text
        assert told(await ann.send("/sign-in", login=ANN, password=PASSWORD))
        await olga.does(one, one, do="unblock")
        await ann.does("/sign-in", "/profile", login=ANN, password=PASSWORD)


@pytest.mark.browser
@needs_browser
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "360"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_in_a_browser(browser: Browser, scheme: str, viewport: dict[str, int]) -> None:
    seen = Seen()
    async with (
        office() as (place, ann),
        browser_page(browser, seen, color_scheme=scheme, viewport=viewport, locale="en") as page,
    ):
        await page.goto(f"{place.address}/sign-in?next=/people")
        await fill(page, login=OLGA, password=PASSWORD)
        await press(page, "panel.sign_in")
        for path in ("/people", f"/people/{ann}"):
            await page.goto(f"{place.address}{path}", wait_until="networkidle")
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            assert too_faint(await contrasts(page)) == [], path
            assert await serious(page) == [], path
        await fill(page, reason="to see")
        await press(page, "panel.act_as_button")
        await page.wait_for_url("**/profile")
        await expect(page.locator(".acting")).to_contain_text(ANN)
        assert too_faint(await contrasts(page)) == []
        assert await serious(page) == []
        await page.mouse.wheel(0, 2000)
        await expect(page.get_by_role("button", name=page_text("en", "panel.acting_end"))).to_be_in_viewport()
        await page.get_by_role("button", name=page_text("en", "panel.acting_end")).click()
        await page.wait_for_url(f"**/people/{ann}")
        await expect(page.locator(".acting")).to_have_count(0)
    assert seen.complaints == []
