"""The way in for the first owner of a new Soty."""

import secrets
from datetime import UTC, datetime

from dishka import AsyncContainer
from msgspec import Struct

from core.identity.rights import PersonView
from core.identity.usecases.add_person import AddPerson
from core.identity.usecases.keep_api_keys import CreateApiKey
from core.identity.usecases.set_up import OfferSetUp
from core.kernel.actor import Actor, ActorKind, system_actor
from entrypoints.http.container import build
from entrypoints.shared.settings import Settings

DEMO_OWNER = "owner@demo.example.com"
ACTOR = system_actor("soty up")


class DemoOwner(Struct, frozen=True):
    """Who may do everything in a demo; told once and kept nowhere in this form."""

    login: str
    password: str
    key: str


async def way_in(settings: Settings, *, demo: bool) -> str | DemoOwner | None:
    """What makes somebody the first owner, or who became it for the demo.

    :param settings: with a database.
    :returns: the path of a page; the owner of a demo; None where there is an owner, or the settings name one.
    """
    container = build(settings, part="set-up")
    try:
        if demo:
            return await _demo_owner(container)
        if settings.security.owner_email is not None:
            return None
        return await (await container.get(OfferSetUp))(ACTOR)
    finally:
        await container.close()


async def _demo_owner(container: AsyncContainer) -> DemoOwner | None:
    password = secrets.token_urlsafe(15)
    add, create = await container.get(AddPerson), await container.get(CreateApiKey)
    person = await add(ACTOR, login=DEMO_OWNER, password=password, roles=["owner"], only_first=True)
    if person is None:
        return None
    made = await create(_as_person(person), "demo", person.permissions)
    return DemoOwner(DEMO_OWNER, password, made.key)


def _as_person(person: PersonView) -> Actor:
    """The owner, who is here at this moment."""
    return Actor(
        ActorKind.USER,
        f"user:{person.id}",
        frozenset(person.permissions),
        account=person.id,
        proven_at=datetime.now(UTC),
    )
