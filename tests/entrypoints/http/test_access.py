"""Who may do what."""

from collections.abc import AsyncIterator

import pytest
from dishka import Provider, Scope, make_async_container

from adapters.security.provider import SecurityProvider
from adapters.system.provider import SystemProvider
from core.kernel.actor import Actor, ActorKind
from core.kernel.auth import Authenticator, Credential
from core.kernel.errors import Unauthenticated
from entrypoints.http.container import OF_THE_KEY
from entrypoints.http.curl import example_path
from entrypoints.http.operation import PERSON, SIGNED_IN, Operation
from entrypoints.http.operations import OPERATIONS
from entrypoints.shared.containers.secrets import secrets
from entrypoints.shared.modules import MODULES
from tests.support.http import KEY, Client, memory_settings, serving

PROTECTED = [operation for operation in OPERATIONS if operation.permission is not None]
GUARDS_NO_ROUTE = {"identity.owners"}
"""Owners alone have it, and nobody gives what he lacks: so nobody else makes an owner."""
OF_PEOPLE = (SIGNED_IN, PERSON)
OF_A_PERMISSION = [operation for operation in PROTECTED if operation.permission not in OF_PEOPLE]
OPEN = {
    "/health/live",
    "/health/ready",
    "/api/v1/avatars/{avatar_id}",
    *(
        f"/api/v1/auth/{name}"
        for name in (
            *("register", "accept-invite", "verify-email", "verify-email/resend", "login", "refresh"),
            *("forgot-password", "reset-password", "change-email/confirm", "change-email/undo"),
            "undo-deletion",
            *("codes", "codes/verify", "mfa/challenge", "telegram/login", "telegram/bot"),
        )
    ),
}
"""Operations for everybody."""
PUBLIC = ["/health/live", "/health/ready", "/openapi.json", "/docs", "/redoc", "/static/docs.js"]


@pytest.mark.parametrize("operation", PROTECTED, ids=lambda operation: operation.act.__name__)
async def test_a_protected_route_refuses_strangers(locked: Client, operation: Operation) -> None:
    for headers in ({}, {"authorization": "Bearer other"}, {"authorization": f"Basic {KEY}"}, {"authorization": KEY}):
        answer = await locked.http.request(operation.method, example_path(operation), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "kernel.unauthenticated")
        assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("operation", PROTECTED, ids=lambda operation: operation.act.__name__)
async def test_the_key_opens_what_is_not_about_people(locked: Client, operation: Operation) -> None:
    answer = await locked.http.request(
        operation.method, example_path(operation), headers={"authorization": f"bearer {KEY}"}
    )
    if operation.permission in OF_THE_KEY:
        assert answer.status_code not in (401, 403, 405)
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, _refusal(operation))


def _refusal(operation: Operation) -> str:
    return "kernel.person_needed" if operation.permission in OF_PEOPLE else "kernel.forbidden"


class AllBut(Authenticator):
    """Knows actors who may do everything but one thing, which is what they show as their key."""

    async def authenticate(self, credential: Credential | None) -> Actor:
        assert credential is not None
        known = {operation.permission for operation in PROTECTED} - {None, credential.value}
        return Actor(ActorKind.SERVICE, "almost", frozenset(map(str, known)))


@pytest.fixture(scope="module")
async def almost() -> AsyncIterator[Client]:
    """An application whose callers may do all but what their key names."""
    provider = Provider(scope=Scope.APP)
    provider.provide(AllBut, provides=Authenticator, override=True)
    async with serving(memory_settings(), provider, key=None) as client:
        yield client


@pytest.mark.parametrize("operation", OF_A_PERMISSION, ids=lambda operation: operation.act.__name__)
async def test_a_route_needs_its_own_permission(almost: Client, operation: Operation) -> None:
    headers = {"authorization": f"Bearer {operation.permission}"}
    answer = await almost.http.request(operation.method, example_path(operation), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "kernel.forbidden")
    assert answer.json()["context"] == {"permission": operation.permission}


@pytest.mark.parametrize("path", PUBLIC)
async def test_public_routes_are_open(locked: Client, path: str) -> None:
    assert (await locked.get(path)).status_code == 200


def test_only_these_are_public() -> None:
    public = {operation.path for operation in OPERATIONS if operation.permission is None}
    assert public == OPEN


def test_every_permission_of_a_module_guards_a_route() -> None:
    declared = {permission for module in MODULES for permission in module.permissions}
    assert declared - GUARDS_NO_ROUTE <= {operation.permission for operation in PROTECTED}


@pytest.mark.parametrize("profile", ["prod", "dev", "test", "memory"])
@pytest.mark.parametrize("key", [None, KEY])
async def test_without_a_key_it_is_shut(profile: str, key: str | None) -> None:
    settings = memory_settings(key, profile)
    container = make_async_container(SystemProvider(), SecurityProvider(frozenset()), *secrets(settings))
    authenticator = await container.get(Authenticator)
    with pytest.raises(Unauthenticated):
        await authenticator.authenticate(None)
    await container.close()
