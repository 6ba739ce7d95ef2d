"""What the shell offers: the menu, in which each visitor sees only what it may open, and what is its own."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from core.identity.permissions import READ as READ_PEOPLE
from core.kernel.actor import Actor
from core.operations.permissions import READ
from entrypoints.http.panel.visit import Visit
from entrypoints.shared.texts import page_text


class Entry(msgspec.Struct, frozen=True):
    """A line of the menu; ``whole`` leads out of the shell."""

    name: str
    path: str
    whole: bool = False


class Group(msgspec.Struct, frozen=True):
    """Lines that belong together."""

    name: str
    entries: Sequence[Entry]


class Acting(msgspec.Struct, frozen=True):
    """That somebody acts as who has signed in: by which name that one is known, and until when at the latest."""

    by: str
    until: datetime | None


class Me(msgspec.Struct, frozen=True):
    """The menu of who has signed in; ``sign_out`` is where its last button is sent, ``timezone`` where it lives."""

    name: str
    entries: Sequence[Entry]
    sign_out: str
    timezone: str = "UTC"
    acting: Acting | None = None


class Mine(Protocol):
    """Makes the menu of who has signed in."""

    @abstractmethod
    async def __call__(self, visit: Visit) -> Me | None:
        """The menu; None for somebody without a name, such as a stranger."""


_API = (Entry("Swagger UI", "/docs", whole=True), Entry("ReDoc", "/redoc", whole=True))


def menu_of(actor: Actor, language: str) -> list[Group]:
    """Groups with what the actor may open; none of them is empty."""
    groups = [
        Group(page_text(language, "panel.group_me"), _own(actor, language)),
        Group(page_text(language, "panel.group_system"), _system(actor, language)),
        Group(page_text(language, "panel.group_api"), _API),
    ]
    return [group for group in groups if group.entries]


def ways_in(language: str, *, known: bool) -> list[Entry]:
    """What the first page offers.

    :param known: whether the visitor has signed in.
    """
    api = Entry(page_text(language, "panel.api"), "/docs")
    if known:
        return [Entry(page_text(language, "panel.profile"), "/profile"), api]
    return [Entry(page_text(language, "panel.sign_in"), "/sign-in"), api]


def own_pages(actor: Actor, language: str) -> list[Entry]:
    """What a person has of its own; few things before it has verified an address."""
    return [
        Entry(page_text(language, "panel.profile"), "/profile"),
        Entry(page_text(language, "panel.security"), "/profile/security"),
        *([] if actor.limited else [Entry(page_text(language, "panel.addresses"), "/profile/addresses")]),
    ]


def _own(actor: Actor, language: str) -> list[Entry]:
    return [] if actor.account is None else own_pages(actor, language)


def _system(actor: Actor, language: str) -> list[Entry]:
    return [
        *([Entry(page_text(language, "panel.people"), "/people")] if READ_PEOPLE in actor.permissions else []),
        *([Entry(page_text(language, "panel.overview"), "/ops")] if READ in actor.permissions else []),
    ]
