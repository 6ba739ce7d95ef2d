"""Serves pages: reads the visit, keeps strangers out, lets forms act, and shows what they refuse."""

from collections.abc import Sequence
from urllib.parse import quote

from litestar.handlers import HTTPRouteHandler
from litestar.types import Receive, Scope

from core.kernel.actor import ActorKind, ProofNeeded
from core.kernel.errors import Kind, SotyError
from entrypoints.http.answer import Answer
from entrypoints.http.errors import AddressUnknownError
from entrypoints.http.panel.cookies import MINUTE, NOTICE, small_cookie
from entrypoints.http.panel.error_pages import ErrorPages
from entrypoints.http.panel.screens import PERSON, Moved, Outcome, Screen
from entrypoints.http.panel.shell import moved, written
from entrypoints.http.panel.visit import Visit, Visits
from entrypoints.http.route import Handle, plain_route

SIGN_IN, CONFIRM = "/sign-in", "/confirm"
_SHOWN_IN_FORM = frozenset(Kind) - {Kind.UNAVAILABLE}


class Panel:
    """Makes routes of pages."""

    def __init__(self, visits: Visits, errors: ErrorPages) -> None:
        """:param errors: writes what is shown instead of a page that cannot be."""
        self._visits = visits
        self._errors = errors

    def routes(self, screens: Sequence[Screen]) -> list[HTTPRouteHandler]:
        """Two routes for a page with forms, else one."""
        shown = [plain_route("GET", each.path, f"page {each.path}", self._shown(each)) for each in screens]
        sent = [plain_route("POST", each.path, f"form {each.path}", self._sent(each)) for each in screens if each.forms]
        return shown + sent

    def _shown(self, screen: Screen) -> Handle:
        async def handle(scope: Scope, _: Receive) -> Answer:
            visit = await self._visits.of(scope)
            try:
                return _refused(screen, visit) or answered(visit, await screen.show(visit))
            except Exception as error:  # whatever it is, the visitor is told
                return self._errors.page(visit, scope, error)

        return handle

    def _sent(self, screen: Screen) -> Handle:
        async def handle(scope: Scope, receive: Receive) -> Answer:
            visit = await self._visits.of(scope, receive)
            try:
                self._visits.require_own(scope, visit)
                return _refused(screen, visit) or await _acted(screen, visit)
            except Exception as error:  # whatever it is, the visitor is told
                return self._errors.page(visit, scope, error)

        return handle


def answered(visit: Visit, outcome: Outcome) -> Answer:
    """The page, or the way to another one."""
    if isinstance(outcome, Moved):
        notice = [small_cookie(NOTICE, outcome.notice, MINUTE)] if outcome.notice else []
        return moved(outcome.path, [*notice, *outcome.cookies])
    return written(outcome, visit)


def _refused(screen: Screen, visit: Visit) -> Answer | None:
    """The way to where somebody can become who may see the page; None when it may.

    :raises Forbidden: the visitor is known and may not.
    """
    if screen.needs is None:
        return None
    if visit.actor.kind is ActorKind.ANONYMOUS:
        return _elsewhere(visit, SIGN_IN)
    if screen.needs != PERSON:
        visit.actor.require(screen.needs)
    return None


def _elsewhere(visit: Visit, path: str) -> Answer:
    """To a page outside the shell, and back afterwards."""
    target = f"{path}?next={quote(visit.address)}"
    if not visit.partial:
        return moved(target)
    return Answer(401, b"", [(b"hx-redirect", target.encode()), (b"cache-control", b"no-store")])


async def _acted(screen: Screen, visit: Visit) -> Answer:
    name = visit.form.get("do", "")
    form = screen.forms.get(name)
    if form is None:
        raise AddressUnknownError
    try:
        return answered(visit, await form.act(visit, form.read(visit.form)))
    except ProofNeeded:
        return _elsewhere(visit, CONFIRM)
    except SotyError as error:
        if error.kind not in _SHOWN_IN_FORM:
            raise
        shown = await screen.show(visit)
        return (
            moved(shown.path) if isinstance(shown, Moved) else written(shown, visit, form.failure(name, visit, error))
        )
