"""The page itself, and the door in front of it."""

from urllib.parse import parse_qsl

from litestar.handlers import HTTPRouteHandler
from litestar.types import Receive, Scope
from msgspec.structs import replace

from core.kernel.actor import ANONYMOUS
from core.kernel.errors import Forbidden, Unauthenticated
from core.operations.permissions import READ
from entrypoints.http.answer import Answer
from entrypoints.http.gate import Gate
from entrypoints.http.ops.door import Door
from entrypoints.http.ops.overview import Ops
from entrypoints.http.ops.page import overview_view, sign_in_view
from entrypoints.http.panel.menu import Me, Mine
from entrypoints.http.panel.shell import moved, written
from entrypoints.http.panel.visit import Visits
from entrypoints.http.reading import read_body
from entrypoints.http.route import plain_route
from entrypoints.shared.texts import page_text

PAGE = "/ops"
_FIELDS = 10


class Site:
    """Serves the page; every form of it works without a script."""

    def __init__(self, ops: Ops, door: Door, gate: Gate, visits: Visits, mine: Mine) -> None:
        """:param gate: counts attempts to sign in, where calls are limited."""
        self._ops = ops
        self._door = door
        self._gate = gate
        self._visits = visits
        self._mine = mine

    def routes(self) -> list[HTTPRouteHandler]:
        """The page and its forms."""
        return [
            plain_route("GET", PAGE, "ops", self.show),
            plain_route("POST", f"{PAGE}/sign-in", "ops sign in", self.sign_in),
            plain_route("POST", f"{PAGE}/sign-out", "ops sign out", self.sign_out),
        ]

    async def show(self, scope: Scope, _: Receive) -> Answer:
        """The overview, or the form to sign in; people who may see it need no key."""
        visit = await self._visits.of(scope)
        try:
            actor = visit.actor if READ in visit.actor.permissions else await self._door.actor(scope)
            overview = await self._ops.look(actor)
        except (Unauthenticated, Forbidden):
            return written(sign_in_view(has_key=self._door.has_key, wrong=False), visit)
        me = await self._mine(visit) or self._me(scope, visit.reader.language)
        return written(overview_view(visit, overview), replace(visit, actor=actor), me=me)

    async def sign_in(self, scope: Scope, receive: Receive) -> Answer:
        """Trade the key for a cookie; a wrong one counts for the address that sent it.

        :raises CrossSiteError: the browser says that another site sent it.
        """
        self._visits.refuse_foreign(scope)
        try:
            cookie = await self._door.sign_in((await _form(scope, receive)).get("key", ""))
        except Unauthenticated:
            if self._gate.limit is not None:
                await self._gate.admit(scope, ANONYMOUS)
            return written(sign_in_view(has_key=self._door.has_key, wrong=True), await self._visits.of(scope))
        return moved(PAGE, [cookie])

    async def sign_out(self, scope: Scope, _: Receive) -> Answer:
        """Take the cookie away.

        :raises CrossSiteError: the browser says that another site sent it.
        """
        self._visits.refuse_foreign(scope)
        return moved(PAGE, [self._door.sign_out()])

    def _me(self, scope: Scope, language: str) -> Me | None:
        if not self._door.signed_in(scope):
            return None
        return Me(page_text(language, "ops.key"), [], f"{PAGE}/sign-out")


async def _form(scope: Scope, receive: Receive) -> dict[str, str]:
    """Fields of a form; none when it cannot be read."""
    text = (await read_body(scope, receive)).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(text, max_num_fields=_FIELDS))
    except ValueError:
        return {}
