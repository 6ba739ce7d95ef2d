"""What happened to one's account."""

from core.identity.usecases.queries.activity import ListActivity
from entrypoints.http.panel.device import device
from entrypoints.http.panel.screens import Screen, View
from entrypoints.http.panel.visit import Visit
from entrypoints.http.panel.ways import ACTIVITY


class ActivityPages:
    """The page about sign-ins and changes."""

    def __init__(self, listed: ListActivity) -> None:
        """:param listed: reads the log and the trail."""
        self._listed = listed

    def screens(self) -> list[Screen]:
        """The page."""
        return [Screen(path=ACTIVITY, show=self.show)]

    async def show(self, visit: Visit) -> View:
        """A page of what happened, newest first; the first tells of the sign-in before this one."""
        found = await self._listed(visit.actor, cursor=visit.query.get("cursor") or None)
        return View("activity.html", {"found": found, "device": device})
