"""The first owner: out of the settings, and by the page behind the link."""

import msgspec
import pytest

from core.identity.usecases.set_up import OfferSetUp
from core.kernel.actor import system_actor
from core.kernel.secret import Secret
from core.kernel.wire import WrongFields
from entrypoints.http.owner import add_first_owner
from entrypoints.shared.settings import Settings
from tests.support.http import URL, memory_settings, serving

OWNER, PASSWORD = "olga@example.com", "a walrus plays the tuba"
SIGN_IN = "/api/v1/auth/login"


def owned(password: str = PASSWORD) -> Settings:
    """Settings that name an owner."""
    settings = memory_settings()
    security = msgspec.structs.replace(settings.security, owner_email=OWNER, owner_password=Secret(password))
    return msgspec.structs.replace(settings, security=security)


async def test_the_settings_name_one_once() -> None:
    async with serving(owned(), key=None) as client:
        await add_first_owner(memory_settings(), client.container)
        assert (await client.post(SIGN_IN, {"login": OWNER, "password": PASSWORD})).status_code == 401
        await add_first_owner(owned(), client.container)
        await add_first_owner(owned("another walrus plays it"), client.container)
        answer = await client.post(SIGN_IN, {"login": OWNER, "password": PASSWORD})
        bearer = {"authorization": f"Bearer {answer.json()['access_token']}"}
        (person,) = (await client.get("/api/v1/users", **bearer)).json()["items"]
        assert person["roles"] == ["owner"]


async def test_a_password_that_is_refused_stops_the_start() -> None:
    async with serving(owned(), key=None) as client:
        with pytest.raises(WrongFields):
            await add_first_owner(owned("short"), client.container)


async def test_the_page_makes_one_once() -> None:
    async with serving(memory_settings(), key=None) as client:
        path = await (await client.container.get(OfferSetUp))(system_actor("tests"))
        assert path is not None
        assert "<form" in (await client.get(path)).text
        form = {"login": OWNER, "password": PASSWORD}
        sent = [await client.http.post(path, data=form, headers={"origin": URL}) for _ in range(2)]
        assert [answer.status_code for answer in sent] == [303, 422]
        assert (await client.post(SIGN_IN, form)).status_code == 200
        assert await (await client.container.get(OfferSetUp))(system_actor("tests")) is None
