"""What the shell offers: the menu, in which each visitor sees only what it may open, and what is its own."""

from collections.abc import Sequence

import msgspec

from core.kernel.actor import Actor
from core.operations.permissions import READ
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


class Me(msgspec.Struct, frozen=True):
    """The menu of who has signed in; ``sign_out`` is where its last button is sent."""

    name: str
    entries: Sequence[Entry]
    sign_out: str


_API = (Entry("Swagger UI", "/docs", whole=True), Entry("ReDoc", "/redoc", whole=True))


def menu_of(actor: Actor, language: str) -> list[Group]:
    """Groups with what the actor may open; none of them is empty."""
    groups = [
        Group(page_text(language, "panel.group_system"), _system(actor, language)),
        Group(page_text(language, "panel.group_api"), _API),
    ]
    return [group for group in groups if group.entries]


def ways_in(language: str, *, known: bool) -> list[Entry]:
    """What the first page offers.

    :param known: whether the visitor has signed in.
    """
    return [Entry(page_text(language, "panel.overview"), "/ops"), Entry(page_text(language, "panel.api"), "/docs")]


def _system(actor: Actor, language: str) -> list[Entry]:
    return [Entry(page_text(language, "panel.overview"), "/ops")] if READ in actor.permissions else []
