"""Who calls, from where, and whether a page of another site makes the browser call."""

from contextlib import suppress

from litestar.types import Scope
from msgspec.structs import replace

from core.identity.usecases.stay_inside import refuse_outside
from core.kernel.actor import ANONYMOUS, Actor, Origin
from core.kernel.auth import Authenticator, Credential, Scheme
from core.kernel.errors import Unauthenticated
from entrypoints.http.addresses import Addresses
from entrypoints.http.cookies import Cookies
from entrypoints.http.errors import CrossSiteError
from entrypoints.http.reading import credential, header
from entrypoints.shared.settings import Settings

REQUEST_ID = "soty.request"
"""Under which the id of a request is in its scope."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
AGENT_LENGTH = 256
_OWN = (b"same-origin", b"none")


class Callers:
    """Knows callers by what they send themselves, and else by the cookie that their browser sends."""

    def __init__(
        self, authenticator: Authenticator, addresses: Addresses, cookies: Cookies, settings: Settings
    ) -> None:
        """:param settings: which tell the public address: where forms of ours come from."""
        self._authenticator = authenticator
        self._addresses = addresses
        self._cookies = cookies
        self._ours = settings.public_url.encode()

    async def actor(self, scope: Scope) -> Actor:
        """Who calls.

        :raises Unauthenticated: nobody whom we know.
        :raises CrossSiteError: only a cookie tells, it is about to change something, and no page of ours asks for it.
        :raises NetworkRefused: the account may not be used from where the request comes.
        """
        return self._inside(scope, await self._authenticator.authenticate(credential(scope) or self._cookie(scope)))

    async def visitor(self, scope: Scope) -> Actor:
        """Who looks at a page or sends a form, which has to be checked by itself: known by the cookie alone.

        :raises Unauthenticated: nobody whom we know.
        :raises NetworkRefused: the account may not be used from where the request comes.
        """
        return self._inside(scope, await self._sent(scope))

    async def acting(self, scope: Scope) -> Actor:
        """Who acts as somebody else in the browser that calls, wherever it is; all others are nobody."""
        with suppress(Unauthenticated):
            found = await self._sent(scope)
            return ANONYMOUS if found.impersonator is None else found
        return ANONYMOUS

    def session(self, scope: Scope) -> str:
        """The value of the cookie of a session, empty when none came."""
        return self._cookies.session_of(scope) or ""

    def own(self, scope: Scope) -> str:
        """The value of the cookie of the session that waits while its person acts as another, empty without one."""
        return self._cookies.own_of(scope) or ""

    def traced(self, scope: Scope, actor: Actor) -> Actor:
        """The same, from where the request comes."""
        return replace(actor, origin=self.origin(scope))

    def origin(self, scope: Scope) -> Origin:
        """Where a request comes from."""
        request: str = scope.get(REQUEST_ID, "")  # type: ignore[assignment]
        return Origin(self._addresses.of(scope), _agent(scope), request)

    def refresh(self, scope: Scope) -> str | None:
        """The refresh token that a browser sent.

        :raises CrossSiteError: no page of ours made it send it.
        """
        found = self._cookies.refresh_of(scope)
        if found is not None:
            self.refuse_foreign(scope)
        return found

    def refuse_foreign(self, scope: Scope, *, may_be_silent: bool = False) -> None:
        """Refuse what a page of another site makes a browser send.

        :param may_be_silent: whether a request passes that does not say; browsers of today always do.
        :raises CrossSiteError: another site asks, or nobody says who does.
        """
        site, origin = header(scope, b"sec-fetch-site"), header(scope, b"origin")
        told = may_be_silent if origin is None else origin == self._ours
        if not (told if site is None else site in _OWN):
            raise CrossSiteError

    async def _sent(self, scope: Scope) -> Actor:
        value = self._cookies.session_of(scope)
        return await self._authenticator.authenticate(None if value is None else Credential(Scheme.COOKIE, value))

    def _inside(self, scope: Scope, actor: Actor) -> Actor:
        if actor.networks:
            refuse_outside(actor.networks, self._addresses.of(scope))
        return actor

    def _cookie(self, scope: Scope) -> Credential | None:
        value = self._cookies.session_of(scope)
        if value is None:
            return None
        if scope["method"] not in SAFE:  # type: ignore[typeddict-item]
            self.refuse_foreign(scope)
        return Credential(Scheme.COOKIE, value)


def _agent(scope: Scope) -> str:
    text = (header(scope, b"user-agent") or b"")[:AGENT_LENGTH].decode("latin-1")
    return text if text.isprintable() else "".join(filter(str.isprintable, text))
