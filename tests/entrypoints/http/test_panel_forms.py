"""Forms of pages: who may send them, what they do, and how they say what was wrong."""

import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar

from adapters.memory.clock import FakeClock
from adapters.memory.ids import SeededIds
from core.kernel.actor import Actor, ActorKind
from core.kernel.auth import Authenticator, Credential, Scheme
from core.kernel.errors import Invalid, Unauthenticated, Unavailable
from entrypoints.http.panel.error_pages import ErrorPages
from entrypoints.http.panel.forgery import FIELD, form_token
from entrypoints.http.panel.menu import Mine
from entrypoints.http.panel.panel import Panel
from entrypoints.http.panel.screens import PERSON, About, Form, Moved, Screen, View
from entrypoints.http.panel.visit import Visit, Visits
from entrypoints.http.problems import Problems
from entrypoints.shared.texts import error_text, field_text, page_text
from tests.support.http import callers_of

ANN = UUID(int=1)
COOKIE = {"cookie": "soty_session=of-ann"}


class Sessions(Authenticator):
    """Knows Ann by her cookie."""

    async def authenticate(self, credential: Credential | None) -> Actor:
        if credential != Credential(Scheme.COOKIE, "of-ann"):
            raise Unauthenticated
        proven = FakeClock().now() - timedelta(hours=1)
        return Actor(ActorKind.USER, "user:ann", account=ANN, proven_at=proven)


class Nameless(Mine):
    """Nobody has a menu."""

    async def __call__(self, visit: Visit) -> None:
        return None


class Entered(msgspec.Struct, frozen=True):
    """What the form of the tests has."""

    login: str
    password: str
    age: int = 0


async def show(_: Visit) -> View:
    return View("sign_in.html", {"others": []})


async def act(visit: Visit, entered: Entered) -> Moved:
    if entered.login == "away":
        raise Unavailable
    if entered.login == "known":
        raise Unauthenticated
    if entered.login == "short":
        raise Invalid
    if entered.login == "sensitive":
        visit.actor.require_proof(FakeClock().now())
    if entered.login == "broken":
        raise OSError("a secret of the inside")
    return Moved("/done", "signed_out")


FORM = Form(Entered, act, {"kernel.invalid": About("password")})
SCREENS = [
    Screen(path="/open", needs=None, show=show, forms={"": FORM}),
    Screen(path="/own", needs=PERSON, show=show, forms={"": FORM}),
    Screen(path="/staff", needs="operations.read", show=show),
    Screen(path="/sensitive", needs=PERSON, show=show, proof=True),
    Screen(path="/done", needs=None, show=show),
]


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    errors = ErrorPages(Problems(FakeClock(), SeededIds()))
    app: Any = Litestar(
        [*Panel(Visits(callers_of(Sessions())), errors, Nameless(), FakeClock()).routes(SCREENS)],
        openapi_config=None,
        logging_config=None,
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://soty.test") as client:
        yield client


def typed(login: str, **more: str) -> dict[str, str]:
    return {"login": login, "password": "correct horse", **more}


async def test_what_was_done_is_told_once_on_the_next_page(http: httpx.AsyncClient) -> None:
    answer = await http.post("/open", data=typed("ann"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/done")
    told = page_text("en", "panel.notice_signed_out")
    assert told in (await http.get("/done")).text
    assert told not in (await http.get("/done")).text


async def test_only_words_of_ours_are_told(http: httpx.AsyncClient) -> None:
    page = await http.get("/done", headers={"cookie": "soty_notice=you-won"})
    assert "you-won" not in page.text


@pytest.mark.parametrize(
    "login, status, said",
    [
        ("known", 401, error_text("en", "kernel.unauthenticated", {}).detail),
        ("short", 422, error_text("en", "kernel.invalid", {}).detail),
    ],
)
async def test_a_refusal_is_told_in_the_form_and_what_was_typed_stays_but_for_secrets(
    http: httpx.AsyncClient, login: str, status: int, said: str
) -> None:
    answer = await http.post("/open", data=typed(login))
    assert answer.status_code == status
    assert said in html.unescape(answer.text)
    assert f'value="{login}"' in answer.text
    assert "correct horse" not in answer.text


async def test_what_is_wrong_with_a_field_stands_beside_it(http: httpx.AsyncClient) -> None:
    answer = await http.post("/open", data={"login": "", "age": "x"}, headers={"accept-language": "ru"})
    assert answer.status_code == 422
    for name in ("login", "password"):
        wrong = re.search(rf'<p class="wrong" id="{name}-wrong">(.*?)</p>', answer.text)
        assert wrong is not None
        assert wrong[1] == field_text("ru", "missing", {})
        field = re.search(rf'<input id="{name}"[^>]*>', answer.text)
        assert field is not None
        assert 'aria-invalid="true"' in field[0]
        assert f'aria-describedby="{name}-wrong"' in field[0]


async def test_an_error_of_one_field_stands_beside_it(http: httpx.AsyncClient) -> None:
    answer = await http.post("/open", data=typed("short"))
    assert 'id="password-wrong"' in answer.text
    assert re.findall(r'<input id="(\w+)"[^>]* autofocus', answer.text) == ["password"], "that is where one goes on"
    assert 'role="alert"' not in answer.text


async def test_strangers_sign_in_first_and_come_back(http: httpx.AsyncClient) -> None:
    answer = await http.get("/own?tab=2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/own%3Ftab%3D2")
    part = await http.get("/own", headers={"hx-request-type": "partial"})
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/sign-in?next=/own")
    assert (await http.get("/own", headers=COOKIE)).status_code == 200


async def test_a_page_of_staff_is_shown_to_nobody_else(http: httpx.AsyncClient) -> None:
    answer = await http.get("/staff", headers=COOKIE)
    assert answer.status_code == 403
    assert error_text("en", "kernel.forbidden", {}).title in answer.text


async def test_a_sensitive_act_asks_who_one_is_and_leads_back(http: httpx.AsyncClient) -> None:
    data = typed("sensitive", **{FIELD: form_token("of-ann")})
    answer = await http.post("/own", data=data, headers=COOKIE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/confirm?next=/own")


async def test_a_sensitive_page_asks_it_before_it_is_shown(http: httpx.AsyncClient) -> None:
    answer = await http.get("/sensitive", headers=COOKIE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/confirm?next=/sensitive")


@pytest.mark.parametrize("token", ["", "x", form_token("of-bob"), "я"])
async def test_a_form_without_the_token_of_its_session_does_nothing(http: httpx.AsyncClient, token: str) -> None:
    answer = await http.post("/own", data=typed("ann", **{FIELD: token}), headers=COOKIE)
    assert answer.status_code == 403
    assert error_text("en", "http.foreign_form", {}).title in answer.text


async def test_each_form_of_a_session_carries_its_token(http: httpx.AsyncClient) -> None:
    page = (await http.get("/own", headers=COOKIE)).text
    forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
    assert len(forms) > 1
    assert all(form_token("of-ann") in form for form in forms)


@pytest.mark.parametrize("login, status", [("broken", 500), ("away", 503)])
async def test_a_failure_of_ours_shows_only_its_number(http: httpx.AsyncClient, login: str, status: int) -> None:
    answer = await http.post("/open", data=typed(login))
    assert answer.status_code == status
    assert str(SeededIds().new()) in answer.text
    assert "secret of the inside" not in answer.text


async def test_a_form_that_the_page_does_not_have_is_not_found(http: httpx.AsyncClient) -> None:
    assert (await http.post("/open", data=typed("ann", do="other"))).status_code == 404
