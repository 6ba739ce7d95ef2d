"""Pages of people, without a browser: what each form does, and how it says no."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace
from PIL import Image
from pyotp import TOTP

from adapters.security.settings import SecuritySettings
from core.identity.usecases.invite import InvitePerson
from core.identity.usecases.set_up import OfferSetUp
from core.kernel.actor import system_actor
from core.kernel.secret import Secret
from entrypoints.http.panel.device import device
from entrypoints.http.panel.forgery import FIELD, form_token
from entrypoints.shared.texts import page_text
from tests.support.town import OTHER, PASSWORD, Town, town

ROOT = Path(__file__).resolve().parents[3]
ANN, BOB = "ann@example.com", "bob@example.com"
HOME = {"label": "Home", "name": "Ann", "line1": "Linden 5", "city": "Berlin", "country": "de"}


class Person:
    """Somebody with a browser that runs nothing."""

    def __init__(self, town: Town, http: httpx.AsyncClient) -> None:
        self.town = town
        self.http = http

    async def see(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def send(self, path: str, **fields: str) -> httpx.Response:
        """Send the form of a page, with the token that the page gave."""
        session = self.http.cookies.get("soty_session") or ""
        return await self.http.post(path, data={FIELD: form_token(session), **fields})

    async def does(self, path: str, then: str, **fields: str) -> None:
        """Send a form that is taken, and leads to another page."""
        answer = await self.send(path, **fields)
        assert (answer.status_code, answer.headers.get("location")) == (303, then), told(answer)

    async def come(self) -> None:
        """Register, verify, and sign in."""
        await self.does("/register", "/verify-email?login=ann%40example.com", login=ANN, password=PASSWORD)
        await self.does("/verify-email", "/sign-in", do="code", login=ANN, code=self.town.letter["code"])
        await self.does("/sign-in", "/profile", login=ANN, password=PASSWORD)


@asynccontextmanager
async def browsing(place: Town) -> AsyncIterator[Person]:
    async with httpx.AsyncClient(base_url=place.address, headers={"accept": "text/html"}) as http:
        yield Person(place, http)


@pytest.fixture
async def ann() -> AsyncIterator[Person]:
    async with town() as place, browsing(place) as person:
        yield person


def told(answer: httpx.Response) -> list[str]:
    """What a page says was wrong."""
    return [html.unescape(text) for text in re.findall(r'class="(?:wrong|broken)"[^>]*>([^<]*)', answer.text)]


def heading(answer: httpx.Response) -> str:
    (found,) = re.findall(r"<h1[^>]*>(.*?)</h1>", answer.text)
    return html.unescape(found)


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 40), "orange").save(file, "PNG")
    return file.getvalue()


async def test_who_has_signed_in_needs_no_form_to_sign_in(ann: Person) -> None:
    await ann.come()
    answer = await ann.see("/sign-in?next=/profile/addresses")
    assert (answer.status_code, answer.headers["location"]) == (303, "/profile/addresses")
    assert 'href="/profile"' in (await ann.see("/")).text


async def test_signing_out_ends_the_session_and_empties_the_browser(ann: Person) -> None:
    await ann.come()
    session = ann.http.cookies["soty_session"]
    answer = await ann.send("/sign-out")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "soty_session" not in ann.http.cookies
    ann.http.cookies["soty_session"] = session
    assert (await ann.see("/profile")).status_code == 303


async def test_a_link_is_only_looked_at_by_get(ann: Person) -> None:
    await ann.send("/register", login=ANN, password=PASSWORD)
    for _ in range(3):
        assert page_text("en", "panel.verify_link") in (await ann.see(ann.town.link)).text
    link = ann.town.link
    await ann.does(link, "/sign-in", do="link")
    assert (await ann.send(link, do="link")).status_code == 422


async def test_known_and_unknown_addresses_are_answered_alike(ann: Person) -> None:
    await ann.come()
    for path, do, place in (
        ("/register", "", "/verify-email"),
        ("/forgot-password", "", "/reset-password"),
        ("/verify-email", "resend", "/verify-email"),
    ):
        for login in (ANN, BOB):
            answer = await ann.send(path, do=do, login=login, password=PASSWORD)
            assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, place)
            assert answer.headers["location"].endswith(login.replace("@", "%40"))


async def test_a_username_needs_no_letter_but_can_do_little_before_it_has_an_address(ann: Person) -> None:
    await ann.does("/register", "/sign-in", login="annabel", password=PASSWORD)
    await ann.does("/sign-in", "/profile", login="annabel", password=PASSWORD)
    page = (await ann.see("/profile")).text
    assert page_text("en", "panel.email_add") in page
    assert page_text("en", "panel.addresses") not in page
    answer = await ann.see("/profile/addresses")
    assert (answer.status_code, answer.headers["location"]) == (303, "/profile")
    assert page_text("en", "panel.notice_limited") in (await ann.see("/profile")).text


async def test_an_address_of_mail_is_moved_from_the_new_one_and_taken_back_from_the_old_one(ann: Person) -> None:
    await ann.come()
    await ann.does("/profile/security/email", "/profile/security/email", do="ask", email=BOB)
    link = ann.town.link
    assert (await ann.see(link)).status_code == 200
    await ann.does(link, "/profile")
    assert BOB in (await ann.see("/profile")).text
    undo = ann.town.link
    assert "/undo-email" in undo
    assert heading(await ann.see(undo)) == page_text("en", "panel.email_undo")
    await ann.does(undo, "/forgot-password")
    assert (await ann.see("/profile")).headers["location"] == "/sign-in?next=/profile"


async def test_the_code_moves_it_too(ann: Person) -> None:
    await ann.come()
    await ann.send("/profile/security/email", do="ask", email=BOB)
    await ann.does("/profile/security/email", "/profile", do="code", code=ann.town.letter["code"])


async def test_who_one_is_is_asked_again_and_leads_back_to_this_site_only(ann: Person) -> None:
    await ann.come()
    assert told(await ann.send("/confirm", password="another")) == [page_text("en", "panel.password_wrong")]
    await ann.does("/confirm?next=/profile/addresses", "/profile/addresses", password=PASSWORD)
    for foreign in ("//evil.example", "/%5Cevil.example", "https://evil.example"):
        await ann.does(f"/confirm?next={foreign}", "/profile", password=PASSWORD)
        assert "evil" not in re.sub(r'name="next" value="[^"]*"', "", (await ann.see(f"/confirm?next={foreign}")).text)


async def test_sessions_are_shown_and_ended(ann: Person) -> None:
    await ann.come()
    async with browsing(ann.town) as phone:
        phone.http.headers["user-agent"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Safari/604.1"
        await phone.does("/sign-in", "/profile", login=ANN, password=PASSWORD)
        page = (await ann.see("/profile/security")).text
        assert "Safari, iPhone" in page
        (other,) = re.findall(r'name="id" value="([0-9a-f-]+)"', page)
        await ann.does("/profile/security", "/profile/security", do="end", id=other)
        assert (await phone.see("/profile")).status_code == 303
        await phone.does("/sign-in", "/profile", login=ANN, password=PASSWORD)
        await ann.does("/profile/security", "/profile/security", do="others")
        assert (await phone.see("/profile")).status_code == 303
        assert page_text("en", "panel.ended_revoked") in (await ann.see("/profile/security")).text
        assert (await ann.send("/profile/security", do="end", id=other)).status_code == 404


async def test_a_changed_password_ends_the_other_sessions(ann: Person) -> None:
    await ann.come()
    async with browsing(ann.town) as phone:
        await phone.does("/sign-in", "/profile", login=ANN, password=PASSWORD)
        fields = {"current_password": PASSWORD, "new_password": OTHER}
        await ann.does("/profile/security/password", "/profile/security", **fields)
        assert (await phone.see("/profile")).status_code == 303
    assert (await ann.see("/profile")).status_code == 200
    assert page_text("en", "panel.ended_password_changed") in (await ann.see("/profile/security")).text


async def test_addresses_are_kept_changed_chosen_and_dropped(ann: Person) -> None:
    await ann.come()
    listed = "/profile/addresses"
    for label in ("Home", "Office"):
        await ann.does(f"{listed}/new", listed, **{**HOME, "label": label})
    page = (await ann.see(listed)).text
    ids = list(dict.fromkeys(re.findall(rf'href="{listed}/([0-9a-f-]{{36}})"', page)))
    assert len(ids) == 2
    assert page.index("Home") < page.index("Office"), "the first one is the default"
    await ann.does(listed, listed, do="default", id=ids[1])
    assert 'value="Linden 5"' in (await ann.see(f"{listed}/{ids[0]}")).text
    await ann.does(f"{listed}/{ids[0]}", listed, **{**HOME, "line1": "Rose 7"})
    assert "Rose 7" in (await ann.see(listed)).text
    for each in ids:
        await ann.does(listed, listed, do="remove", id=each)
    assert page_text("en", "panel.addresses_none") in (await ann.see(listed)).text
    assert (await ann.see(f"{listed}/{ids[0]}")).status_code == 404


async def test_a_country_that_is_none_is_told_beside_its_field(ann: Person) -> None:
    await ann.come()
    answer = await ann.send("/profile/addresses/new", **{**HOME, "country": "xx"})
    assert answer.status_code == 422
    assert 'id="country-wrong"' in answer.text
    assert 'value="Linden 5"' in answer.text


async def test_a_profile_is_told_and_its_language_is_spoken(ann: Person) -> None:
    await ann.come()
    fields = {"do": "profile", "first_name": "Анна", "language": "ru", "is_public": "yes"}
    answer = await ann.send("/profile", **fields, timezone="Europe/Nowhere")
    assert answer.status_code == 422
    assert 'id="timezone-wrong"' in answer.text
    await ann.does("/profile", "/profile", **fields, timezone="Europe/Berlin")
    page = (await ann.see("/profile")).text
    assert '<html lang="ru"' in page
    assert 'value="Анна"' in page
    assert 'value="yes" checked' in page
    assert re.search(r"\d\d\.\d\d\.\d{4}, \d\d:\d\d CES?T</time>", page), "times are those of Berlin"


async def test_a_picture_is_shown_and_taken_away_and_another_file_is_refused(ann: Person) -> None:
    await ann.come()
    token = {FIELD: form_token(ann.http.cookies["soty_session"]), "do": "picture"}
    for content, status in ((b"not a picture", 422), (picture(), 303)):
        answer = await ann.http.post("/profile", data=token, files={"picture": ("a.png", content)})
        assert answer.status_code == status
    (shown,) = re.findall(r'<img class="face large" src="([^"]+)"', (await ann.see("/profile")).text)
    assert (await ann.see(shown)).headers["content-type"] == "image/webp"
    await ann.does("/profile", "/profile", do="no-picture")
    assert "<img" not in (await ann.see("/profile")).text


async def factor_on(ann: Person) -> tuple[TOTP, list[str]]:
    """Turn the second factor on."""
    path = "/profile/security/two-factor"
    started = await ann.send(path, do="start")
    (secret,) = re.findall(r'<code id="secret">(\w+)</code>', started.text)
    assert "data:image/svg+xml" in started.text
    app = TOTP(secret)
    wrong = await ann.send(path, do="confirm", code="000000")
    assert 'id="code-wrong"' in wrong.text
    confirmed = await ann.send(path, do="confirm", code=app.now())
    (codes,) = re.findall(r'<pre id="codes"[^>]*>(.*?)</pre>', confirmed.text, re.DOTALL)
    return app, codes.split()


async def test_a_forgotten_password_is_set_by_the_code_or_by_the_link_of_a_letter(ann: Person) -> None:
    await ann.come()
    for way, password in (("code", OTHER), ("link", PASSWORD)):
        await ann.does("/forgot-password", "/reset-password?login=ann%40example.com", login=ANN)
        letter = await ann.town.letter_of("identity.reset_password_email")
        address = letter["link"] if way == "link" else "/reset-password"
        fields = {} if way == "link" else {"code": letter["code"], "login": ANN}
        refused = await ann.send(address, new_password="short", **fields)
        assert 'id="new_password-wrong"' in refused.text
        await ann.does(address, "/sign-in", new_password=password, **fields)
        assert (await ann.see("/profile")).status_code == 303, "all sessions end"
        await ann.does("/sign-in", "/profile", login=ANN, password=password)
        ann.town.forget()


async def test_a_code_of_a_letter_is_enough_in_the_browser_that_asked_for_it(ann: Person) -> None:
    await ann.come()
    await ann.does("/sign-out", "/sign-in")
    page = "/sign-in/code?next=/profile/addresses"
    assert 'name="code"' not in (await ann.see(page)).text
    await ann.does(page, page, do="ask", login=ANN)
    code = (await ann.town.letter_of("identity.sign_in_code"))["code"]
    async with browsing(ann.town) as other:
        assert (await other.send(page, do="code", code=code)).status_code == 422
    assert (await ann.send(page, do="code", code="000000")).status_code == 422
    await ann.does(page, "/profile/addresses", do="code", code=code)
    assert (await ann.see("/profile")).status_code == 200


async def test_the_first_owner_comes_by_the_link_that_was_shown_at_start(ann: Person) -> None:
    offer = await ann.town.container.get(OfferSetUp)
    link = await offer(system_actor("tests"))
    assert link is not None
    refused = await ann.send(link, login=ANN, password="short")
    assert 'id="password-wrong"' in refused.text
    await ann.does(link, "/sign-in", login=ANN, password=PASSWORD)
    assert (await ann.send(link, login=BOB, password=PASSWORD)).status_code == 422, "the link is good once"
    await ann.does("/sign-in", "/profile", login=ANN, password=PASSWORD)
    assert page_text("en", "panel.overview") in (await ann.see("/profile")).text, "the owner may see everything"
    assert heading(await ann.see("/ops")) == page_text("en", "ops.title")


async def test_who_is_invited_chooses_a_password_and_is_there(ann: Person) -> None:
    invite = await ann.town.container.get(InvitePerson)
    await invite(system_actor("tests"), email=ANN)
    link = ann.town.link
    assert page_text("en", "panel.join_how") in (await ann.see(link)).text
    assert 'id="password-wrong"' in (await ann.send(link, password="short")).text
    await ann.does(link, "/sign-in", password=PASSWORD)
    assert (await ann.send(link, password=PASSWORD)).status_code == 422, "the link is good once"
    await ann.does("/sign-in", "/profile", login=ANN, password=PASSWORD)
    assert page_text("en", "panel.verified") in (await ann.see("/profile")).text


async def test_a_second_factor_is_asked_for_and_a_recovery_code_is_good_once(ann: Person) -> None:
    await ann.come()
    _, codes = await factor_on(ann)
    assert len(codes) == 10
    await ann.does("/sign-out", "/sign-in")
    pending = "/two-factor?next=/profile/security"
    await ann.does("/sign-in?next=/profile/security", pending, login=ANN, password=PASSWORD)
    assert (await ann.see("/profile")).status_code == 303, "the password alone is not enough"
    assert 'id="code-wrong"' in (await ann.send(pending, do="code", code="000000")).text
    await ann.does(pending, "/profile/security", do="recovery", recovery_code=codes[0])
    assert page_text("en", "panel.factor_on", {"count": 9}) in (await ann.see("/profile/security")).text
    await ann.does("/sign-out", "/sign-in")
    await ann.send("/sign-in", login=ANN, password=PASSWORD)
    refused = await ann.send("/two-factor", do="recovery", recovery_code=codes[0])
    assert 'id="recovery_code-wrong"' in refused.text
    assert codes[0] not in refused.text


async def test_without_a_password_before_it_there_is_no_second_step(ann: Person) -> None:
    assert (await ann.see("/two-factor")).headers["location"] == "/sign-in"


async def test_the_app_proves_who_one_is_as_well(ann: Person) -> None:
    await ann.come()
    assert 'name="code"' not in (await ann.see("/confirm")).text
    _, codes = await factor_on(ann)
    page = "/confirm?next=/profile/addresses"
    assert 'name="code"' in (await ann.see(page)).text
    assert 'id="code-wrong"' in (await ann.send(page, do="code", code="000000")).text
    await ann.does(page, "/profile/addresses", do="code", code=codes[0])


async def test_recovery_codes_are_renewed_and_the_factor_is_turned_off(ann: Person) -> None:
    await ann.come()
    _, codes = await factor_on(ann)
    path = "/profile/security/two-factor"
    renewed = await ann.send(path, do="renew")
    assert codes[0] not in renewed.text
    assert page_text("en", "panel.kept") in renewed.text
    await ann.does(path, "/profile/security", do="off")
    assert page_text("en", "panel.factor_off") in (await ann.see("/profile/security")).text


async def test_an_api_key_is_shown_once_and_revoked(ann: Person) -> None:
    await ann.come()
    path = "/profile/security/api-keys"
    made = await ann.send(path, do="create", name="Backup", days="30")
    (key,) = re.findall(r'<pre id="new-key"[^>]*>(.*?)</pre>', made.text)
    listed = (await ann.see(path)).text
    assert key not in listed
    assert "Backup" in listed
    (key_id,) = re.findall(r'name="id" value="([0-9a-f-]+)"', listed)
    await ann.does(path, path, do="revoke", id=key_id)
    assert page_text("en", "panel.keys_none") in (await ann.see(path)).text


async def test_networks_are_allowed_and_nobody_locks_himself_out(ann: Person) -> None:
    await ann.come()
    path = "/profile/security/networks"
    for network in ("here", "192.0.2.0/24"):
        refused = await ann.send(path, do="allow", network=network)
        assert 'id="network-wrong"' in refused.text
    await ann.does(path, path, do="allow", network="127.0.0.0/8", note="Home")
    page = (await ann.see(path)).text
    assert "Home" in page
    (rule,) = re.findall(r'name="id" value="([0-9a-f-]+)"', page)
    await ann.does(path, path, do="forget", id=rule)
    assert page_text("en", "panel.networks_none") in (await ann.see(path)).text


async def test_what_happened_is_told(ann: Person) -> None:
    await ann.come()
    async with browsing(ann.town) as stranger:
        await stranger.send("/sign-in", login=ANN, password=OTHER)
        await stranger.does("/sign-in", "/profile", login=ANN, password=PASSWORD)
    await ann.does("/profile/security/networks", "/profile/security/networks", do="allow", network="127.0.0.0/8")
    page = (await ann.see("/profile/security/activity")).text
    told = re.findall(r'scope="row">(.*?)\s*<', page)
    names = ("did_network_allow", "tried_signed_in", "tried_wrong_password", "tried_signed_in")
    assert told == [page_text("en", f"panel.{name}") for name in names]
    assert page_text("en", "panel.activity_last") in page


def test_every_act_upon_an_account_has_a_name_on_the_page_of_activity() -> None:
    acts = {
        act
        for path in (ROOT / "src/core/identity/usecases").glob("*.py")
        for act in re.findall(r'act_of\(\s*actor,\s*"(identity\.[a-z_.]+)"', path.read_text())
    }
    elsewhere = {"identity.invite", "identity.account.purge"} | {
        act for act in acts if act.startswith("identity.role.")
    }
    page = (ROOT / "src/entrypoints/http/panel/templates/activity.html").read_text()
    assert len(acts) > 20
    assert {act for act in acts if f'"{act}"' in page} == acts - elsewhere


async def test_telegram_is_offered_where_there_is_a_bot() -> None:
    with_bot = replace(SecuritySettings(), telegram_bot_token=Secret("1:a"), telegram_bot_username="soty_bot")
    for settings, is_there in ({}, False), ({"security": with_bot}, True):
        async with town(**settings) as place, browsing(place) as person:
            await person.come()
            assert ("Telegram" in (await person.see("/profile/security")).text) == is_there
            answer = await person.send("/profile/security/telegram", do="join")
            assert ("https://t.me/soty_bot?start=" in answer.text) == is_there
            assert (await person.send("/profile/security/telegram", do="part")).status_code in (404, 409)


async def test_a_body_that_is_no_form_does_nothing(ann: Person) -> None:
    await ann.come()
    for media in ("multipart/form-data; boundary=x", "multipart/form-data", "application/x-www-form-urlencoded"):
        answer = await ann.http.post("/profile", content=b"&" * 200, headers={"content-type": media})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "agent, name",
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5.0", "curl"),
        ("", ""),
    ],
)
def test_a_device_has_the_name_that_people_know(agent: str, name: str) -> None:
    assert device(agent) == name
