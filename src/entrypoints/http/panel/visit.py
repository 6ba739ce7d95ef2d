"""What a browser sent, read: who visits, how it wants to read, and what it typed."""

from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

import msgspec
from litestar.types import Receive, Scope

from core.kernel.actor import ANONYMOUS, Actor
from core.kernel.errors import Unauthenticated
from entrypoints.http.callers import Callers
from entrypoints.http.panel.cookies import LANGUAGE, NOTICE, PENDING, THEME, cookie_of
from entrypoints.http.panel.fields import NOTHING_SENT, pairs, sent_fields
from entrypoints.http.panel.forgery import FIELD, form_token, require_own
from entrypoints.http.panel.local import local_path
from entrypoints.http.reading import MAX_BODY, header, language_of, path_ids
from entrypoints.shared.texts import LANGUAGES

THEMES = ("light", "dark")


class Reader(msgspec.Struct, frozen=True):
    """How somebody reads: the language, and the chosen theme, empty for that of the system."""

    language: str
    theme: str


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A request of a browser.

    ``address`` is the path with the query; ``partial`` wants only what is inside the shell; ``notice`` is what the page
    before left to be told; ``pending`` is a sign-in that waits for its second step, ``own`` the session of somebody
    who acts as another; ``token`` belongs into each form.
    """

    actor: Actor
    reader: Reader
    path: str
    address: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    files: Mapping[str, bytes]
    ids: Mapping[str, UUID]
    session: str
    own: str
    token: str
    partial: bool
    notice: str
    pending: str


class Visits:
    """Reads requests of browsers."""

    def __init__(self, callers: Callers) -> None:
        """:param callers: know whose session a cookie is."""
        self._callers = callers

    async def of(self, scope: Scope, receive: Receive | None = None, most: int = MAX_BODY) -> Visit:
        """Read a request; a session that has ended is that of nobody.

        :param receive: gives the body, where a form was sent.
        :param most: bytes that the body may have.
        """
        session = self._callers.session(scope)
        sent = NOTHING_SENT if receive is None else await sent_fields(scope, receive, most)
        return Visit(
            actor=await self._actor(scope, session, is_form=receive is not None),
            reader=reader_of(scope),
            path=scope["path"],
            address=local_path(f"{scope['path']}?{scope['query_string'].decode('latin-1')}".rstrip("?")),
            query=pairs(scope["query_string"]),
            form=sent.typed,
            files=sent.files,
            ids=path_ids(scope["path_params"]),
            session=session,
            own=self._callers.own(scope),
            token=form_token(session),
            partial=header(scope, b"hx-request-type") == b"partial",
            notice=cookie_of(scope, NOTICE),
            pending=cookie_of(scope, PENDING),
        )

    def require_own(self, scope: Scope, visit: Visit) -> None:
        """Let a form pass only when no other site sent it and it carries the token of the session.

        :raises CrossSiteError: the browser says that another site sent it.
        :raises ForeignFormError: the token is another.
        """
        self.refuse_foreign(scope)
        require_own(visit.session, visit.form.get(FIELD, ""))

    def refuse_foreign(self, scope: Scope) -> None:
        """Refuse a form that another site sent.

        :raises CrossSiteError: the browser says so.
        """
        self._callers.refuse_foreign(scope, may_be_silent=True)

    async def _actor(self, scope: Scope, session: str, *, is_form: bool) -> Actor:
        actor = ANONYMOUS
        if session:
            with suppress(Unauthenticated):
                actor = await self._callers.visitor(scope)
        return self._callers.traced(scope, actor) if is_form else actor


def reader_of(scope: Scope) -> Reader:
    """How the sender of a request reads: as it chose, else as its browser says."""
    language, theme = cookie_of(scope, LANGUAGE), cookie_of(scope, THEME)
    return Reader(
        language if language in LANGUAGES else language_of(scope),
        theme if theme in THEMES else "",
    )
