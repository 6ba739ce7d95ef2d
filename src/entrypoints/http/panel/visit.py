"""What a browser sent, read: who visits, how it wants to read, and what it typed."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

import msgspec
from litestar.types import Receive, Scope

from core.kernel.actor import ANONYMOUS, Actor
from core.kernel.auth import Authenticator, Credential, Scheme
from core.kernel.errors import Unauthenticated
from entrypoints.http.panel.cookies import LANGUAGE, NOTICE, THEME, cookie_of, session_of
from entrypoints.http.panel.forgery import form_token
from entrypoints.http.panel.local import local_path
from entrypoints.http.reading import header, language_of, read_body
from entrypoints.shared.texts import LANGUAGES

THEMES = ("light", "dark")
_FIELDS = 60


class Reader(msgspec.Struct, frozen=True):
    """How somebody reads: the language, and the chosen theme, empty for that of the system."""

    language: str
    theme: str


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A request of a browser.

    ``address`` is the path with the query; ``partial`` wants only what is inside the shell; ``notice`` is what the page
    before left to be told; ``token`` belongs into each form.
    """

    actor: Actor
    reader: Reader
    path: str
    address: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    session: str
    token: str
    partial: bool
    notice: str


class Visits:
    """Reads requests of browsers."""

    def __init__(self, authenticator: Authenticator) -> None:
        """:param authenticator: knows whose session a cookie is."""
        self._authenticator = authenticator

    async def of(self, scope: Scope, receive: Receive | None = None) -> Visit:
        """Read a request; a session that has ended is that of nobody.

        :param receive: gives the body, where a form was sent.
        """
        session = session_of(scope)
        return Visit(
            actor=await self._actor(session),
            reader=reader_of(scope),
            path=scope["path"],
            address=local_path(f"{scope['path']}?{scope['query_string'].decode('latin-1')}".rstrip("?")),
            query=_pairs(scope["query_string"]),
            form={} if receive is None else _pairs(await read_body(scope, receive)),
            session=session,
            token=form_token(session),
            partial=header(scope, b"hx-request-type") == b"partial",
            notice=cookie_of(scope, NOTICE),
        )

    async def _actor(self, session: str) -> Actor:
        if not session:
            return ANONYMOUS
        try:
            return await self._authenticator.authenticate(Credential(Scheme.COOKIE, session))
        except Unauthenticated:
            return ANONYMOUS


def reader_of(scope: Scope) -> Reader:
    """How the sender of a request reads: as it chose, else as its browser says."""
    language, theme = cookie_of(scope, LANGUAGE), cookie_of(scope, THEME)
    return Reader(
        language if language in LANGUAGES else language_of(scope),
        theme if theme in THEMES else "",
    )


def _pairs(text: bytes) -> dict[str, str]:
    """Fields of a query or a form; none when they cannot be read."""
    try:
        return dict(parse_qsl(text.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_FIELDS))
    except ValueError:
        return {}
