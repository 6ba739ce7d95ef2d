"""Who may do what, route by route: a route without a row in the table fails, and so does a row without a route."""

import re
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from dishka import Provider, Scope

from contracts.ports.people import person
from core.identity.ports import IdentityWork
from core.identity.rights import MODERATOR, OWNER, Rights
from core.identity.usecases.add_person import AddPerson
from core.kernel.actor import Actor, ActorKind, system_actor
from core.kernel.auth import Authenticator, Credential
from core.kernel.clock import Clock
from core.kernel.errors import Unauthenticated
from core.kernel.work import OpenWork
from entrypoints.http.curl import example_path
from entrypoints.http.operation import PERSON, SIGNED_IN, Operation
from entrypoints.http.operations import OPERATIONS
from entrypoints.http.panel.pages import OPEN, PAGES
from entrypoints.shared.modules import MODULES
from tests.support.http import Client, memory_settings, serving

TABLE = Path(__file__).with_name("access.txt")
ROLES = ("anonymous", "user", "staff", "owner")
REFUSALS = {
    "kernel.unauthenticated": "401",
    "kernel.forbidden": "403",
    "kernel.person_needed": "403",
    "kernel.verification_needed": "403",
}
NOBODYS = "01951930-0000-7000-8000-000000000404"
PASSWORD = "a walrus plays the tuba"
RIGHTS = Rights(permission for module in MODULES for permission in module.permissions)
ROLE = {role.id: role for role in RIGHTS.built_in}
HELD = {
    "user": frozenset[str](),
    "staff": RIGHTS.permitted([ROLE[MODERATOR]]),
    "owner": RIGHTS.permitted([ROLE[OWNER]]),
}


class ByRole(Authenticator):
    """Takes the name of a role for a credential: somebody with that role, who has just proven who it is."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def authenticate(self, credential: Credential | None) -> Actor:
        if credential is None:
            raise Unauthenticated
        name = credential.value
        return Actor(
            ActorKind.USER,
            f"user:{name}",
            HELD[name],
            account=person(ROLES.index(name)).id,
            session=UUID(int=1 << 71 | ROLES.index(name)),
            proven_at=self._clock.now(),
        )


@pytest.fixture(scope="module")
async def by_role() -> AsyncIterator[Client]:
    """An application that takes everybody for who he says he is."""
    provider = Provider(scope=Scope.APP)
    provider.provide(ByRole, provides=Authenticator, override=True)
    async with serving(memory_settings(), provider, key=None) as client:
        async with (await client.container.get(OpenWork[IdentityWork]))() as work:
            for number, _ in enumerate(ROLES):
                assert await work.accounts.add(person(number))
        yield client


def rows() -> dict[str, list[str]]:
    """The table: what each role is answered at each route, and ``ok`` where it may."""
    lines = (line.split() for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {f"{method} {path}": answers for method, path, *answers in lines}


def name_of(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def strays(table: Iterable[str], routes: Iterable[str]) -> set[str]:
    """Routes without a row, and rows without a route."""
    return set(table) ^ set(routes)


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    routes = [name_of(operation) for operation in OPERATIONS]
    assert strays(rows(), routes) == set()
    assert strays(rows(), [*routes[1:], "GET /new"]) == {routes[0], "GET /new"}
    assert all(len(answers) == len(ROLES) for answers in rows().values())


@pytest.mark.parametrize("operation", OPERATIONS, ids=name_of)
async def test_the_row_holds(by_role: Client, operation: Operation) -> None:
    found = []
    for role in ROLES:
        headers = {} if role == "anonymous" else {"authorization": f"Bearer {role}"}
        answer = await by_role.http.request(operation.method, example_path(operation), headers=headers)
        found.append(_told(answer))
    assert found == rows()[name_of(operation)]


def _told(answer: httpx.Response) -> str:
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    is_problem = answer.is_error and "json" in answer.headers.get("content-type", "")
    return REFUSALS.get(answer.json().get("code", ""), "ok") if is_problem else "ok"


async def test_pages_keep_strangers_out(by_role: Client) -> None:
    screens = list(OPEN)
    for kind in PAGES:
        screens += (await by_role.container.get(kind)).screens()
    assert len(screens) > 10
    for screen in screens:
        answer = await by_role.get(re.sub(r"{\w+}", NOBODYS, screen.path))
        where = answer.headers.get("location", "")
        if screen.needs is None:
            assert answer.status_code in (200, 303), screen.path
            continue
        assert (answer.status_code, where.partition("?")[0]) == (303, "/sign-in"), screen.path


OWN = [each for each in OPERATIONS if each.permission in (SIGNED_IN, PERSON) and "{" in each.path]
"""Operations on what belongs to somebody."""
HOME = {"name": "Ann", "line1": "1 Long Street", "city": "Berlin", "country": "DE"}


async def people(client: Client, *logins: str) -> list[dict[str, str]]:
    """What accounts of their own send."""
    add = await client.container.get(AddPerson)
    sent = []
    for login in logins:
        await add(system_actor("tests"), login=login, password=PASSWORD)
        answer = await client.post("/api/v1/auth/login", {"login": login, "password": PASSWORD})
        sent.append({"authorization": f"Bearer {answer.json()['access_token']}"})
    return sent


async def belongings(client: Client, ann: dict[str, str]) -> dict[str, str]:
    """One thing of each kind that belongs to somebody, by its name in paths."""
    made: dict[str, Any] = {
        "address_id": await client.post("/api/v1/profile/addresses", HOME, **ann),
        "rule_id": await client.post("/api/v1/profile/ip-rules", {"network": "127.0.0.1"}, **ann),
        "key_id": await client.post("/api/v1/auth/api-keys", {"name": "mine", "scopes": []}, **ann),
    }
    assert {name: answer.status_code for name, answer in made.items()} == dict.fromkeys(made, 201)
    sessions = (await client.get("/api/v1/auth/sessions", **ann)).json()["items"]
    ids = {name: answer.json().get("id") or answer.json()["view"]["id"] for name, answer in made.items()}
    me = (await client.get("/api/v1/auth/me", **ann)).json()["id"]
    return {"session_id": sessions[0]["id"], "account_id": me, **ids}


async def test_what_belongs_to_another_is_not_there() -> None:
    async with serving(memory_settings(), key=None) as client:
        ann, boris = await people(client, "ann@example.com", "boris@example.com")
        things = await belongings(client, ann)
        assert {name for each in OWN for name in _names(each.path)} == set(things)
        for operation in OWN:
            path = operation.path.format(**things)
            body = {"json": HOME} if operation.body is not None else {}
            answer = await client.http.request(operation.method, path, headers=boris, **body)  # type: ignore[arg-type]
            assert answer.status_code == 404, (name_of(operation), answer.text)
            nobody = operation.path.format(**dict.fromkeys(things, NOBODYS))
            unknown = await client.http.request(operation.method, nobody, headers=boris, **body)  # type: ignore[arg-type]
            assert (unknown.status_code, unknown.json()["code"]) == (404, answer.json()["code"])


def _names(path: str) -> list[str]:
    return [part.strip("{}") for part in path.split("/") if part.startswith("{")]
