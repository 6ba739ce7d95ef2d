"""Serves pages: reads the visit, keeps strangers out, lets forms act, and shows what they refuse."""

from collections.abc import Awaitable, Sequence
from contextlib import suppress
from urllib.parse import quote

from litestar.handlers import HTTPRouteHandler
from litestar.types import Receive, Scope

from core.kernel.actor import ActorKind, ProofNeeded, VerificationNeeded
from core.kernel.clock import Clock
from core.kernel.errors import Kind, SotyError
from entrypoints.http.answer import Answer
from entrypoints.http.errors import AddressUnknownError
from entrypoints.http.identity.signing_in import FORGET
from entrypoints.http.panel.cookies import MINUTE, NOTICE, small_cookie
from entrypoints.http.panel.error_pages import ErrorPages
from entrypoints.http.panel.local import HOME
from entrypoints.http.panel.menu import Me, Mine
from entrypoints.http.panel.screens import PERSON, Failure, Moved, Outcome, Screen
from entrypoints.http.panel.shell import moved, written
from entrypoints.http.panel.visit import Visit, Visits
from entrypoints.http.route import Handle, plain_route

SIGN_IN, CONFIRM = "/sign-in", "/confirm"


class Panel:
    """Makes routes of pages."""

    def __init__(self, visits: Visits, errors: ErrorPages, mine: Mine, clock: Clock) -> None:
        """:param errors: writes what is shown instead of a page that cannot be.
        :param mine: makes the menu of who has signed in.
        """
        self._visits = visits
        self._errors = errors
        self._mine = mine
        self._clock = clock

    def routes(self, screens: Sequence[Screen]) -> list[HTTPRouteHandler]:
        """Two routes for a page with forms, else one."""
        shown = [plain_route("GET", each.path, f"page {each.path}", self._shown(each)) for each in screens]
        sent = [plain_route("POST", each.path, f"form {each.path}", self._sent(each)) for each in screens if each.forms]
        return shown + sent

    def _shown(self, screen: Screen) -> Handle:
        async def handle(scope: Scope, _: Receive) -> Answer:
            visit = await self._visits.of(scope)
            return await self._told(scope, visit, self._looked(screen, visit))

        return handle

    def _sent(self, screen: Screen) -> Handle:
        async def handle(scope: Scope, receive: Receive) -> Answer:
            visit = await self._visits.of(scope, receive, screen.most)
            return await self._told(scope, visit, self._acted(screen, visit, scope))

        return handle

    async def _told(self, scope: Scope, visit: Visit, work: Awaitable[Answer]) -> Answer:
        try:
            return await work
        except VerificationNeeded as error:
            if visit.path == HOME:
                return self._errors.page(visit, scope, error)
            return await self._answer(visit, Moved(HOME, "limited"))
        except Exception as error:  # whatever it is, the visitor is told
            return self._errors.page(visit, scope, error, await self._still_mine(visit))

    async def _still_mine(self, visit: Visit) -> Me | None:
        """Who acts as somebody else is told so even where something failed, unless that fails too."""
        with suppress(SotyError):
            return None if visit.actor.impersonator is None else await self._mine(visit)
        return None

    async def _looked(self, screen: Screen, visit: Visit) -> Answer:
        return self._refused(screen, visit) or await self._answer(visit, await screen.show(visit))

    async def _answer(self, visit: Visit, outcome: Outcome, failure: Failure | None = None) -> Answer:
        """The page, or the way to another one."""
        if isinstance(outcome, Moved):
            notice = [small_cookie(NOTICE, outcome.notice, MINUTE)] if outcome.notice else []
            return moved(outcome.path, [*notice, *outcome.cookies], [FORGET] if outcome.forget else [])
        return written(outcome, visit, failure, await self._mine(visit))

    def _refused(self, screen: Screen, visit: Visit) -> Answer | None:
        """The way to where somebody can become who may see the page; None when it may.

        :raises Forbidden: the visitor is known and may not.
        :raises ProofNeeded: it acts as somebody else, in whose name it can prove nothing.
        """
        if screen.needs is None:
            return None
        if visit.actor.kind is ActorKind.ANONYMOUS:
            return _elsewhere(visit, SIGN_IN)
        if screen.needs != PERSON:
            visit.actor.require(screen.needs)
        try:
            if screen.proof:
                visit.actor.require_proof(self._clock.now(), even_limited=True)
        except ProofNeeded:
            return _to_proof(visit)
        return None

    async def _acted(self, screen: Screen, visit: Visit, scope: Scope) -> Answer:
        self._visits.require_own(scope, visit)
        refused = self._refused(screen, visit)
        if refused is not None:
            return refused
        name = visit.form.get("do", "")
        form = screen.forms.get(name)
        if form is None:
            raise AddressUnknownError
        try:
            return await self._answer(visit, await form.act(visit, form.read(visit.form)))
        except ProofNeeded:
            return _to_proof(visit)
        except SotyError as error:
            if error.kind is Kind.UNAVAILABLE or isinstance(error, VerificationNeeded):
                raise
            return await self._answer(visit, await screen.show(visit), form.failure(name, visit, error))


def _to_proof(visit: Visit) -> Answer:
    """To where somebody proves who it is.

    :raises ProofNeeded: it acts as somebody else.
    """
    if visit.actor.impersonator is not None:
        raise ProofNeeded
    return _elsewhere(visit, CONFIRM)


def _elsewhere(visit: Visit, path: str) -> Answer:
    """To a page outside the shell, and back afterwards."""
    target = f"{path}?next={quote(visit.address)}"
    if not visit.partial:
        return moved(target)
    return Answer(401, b"", [(b"hx-redirect", target.encode()), (b"cache-control", b"no-store")])
