"""The first page, for whoever comes."""

from core.kernel.actor import ActorKind
from entrypoints.http.panel.menu import ways_in
from entrypoints.http.panel.screens import Screen, View
from entrypoints.http.panel.visit import Visit


async def show(visit: Visit) -> View:
    """What Soty is, and the ways in."""
    known = visit.actor.kind is not ActorKind.ANONYMOUS
    return View("landing.html", {"ways": ways_in(visit.reader.language, known=known)})


LANDING = Screen(path="/", needs=None, show=show)
