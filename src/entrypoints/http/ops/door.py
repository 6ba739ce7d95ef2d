"""Who may see the page: browsers cannot send the service key in a header, so they trade it for a signed cookie."""

import hmac
from datetime import timedelta

from litestar.types import Scope

from core.kernel.actor import Actor
from core.kernel.auth import Authenticator, Credential, Scheme
from core.kernel.clock import Clock
from entrypoints.http.panel.cookies import cookie_of
from entrypoints.http.reading import credential
from entrypoints.shared.settings import Settings

COOKIE = "soty_ops"
HOURS = 8
_PURPOSE = b"soty: session of /ops, version 1"


class Door:
    """Lets in whoever sends the service key, or a cookie that was signed with it and is not too old.

    Another key signs otherwise, so that changing it ends all sessions. Nothing is kept on the server.
    """

    def __init__(self, authenticator: Authenticator, settings: Settings, clock: Clock) -> None:
        """:param authenticator: says who the holder of the key is, or anybody where there is none."""
        self._authenticator = authenticator
        self._key = None if settings.security.api_key is None else settings.security.api_key.reveal()
        self._secure = settings.app.profile == "prod"
        self._clock = clock

    @property
    def has_key(self) -> bool:
        """Whether there is anything to sign in with."""
        return self._key is not None

    async def actor(self, scope: Scope) -> Actor:
        """Who asks.

        :raises Unauthenticated: nobody whom we know.
        """
        sent = credential(scope)
        if sent is None and self._key is not None and self.signed_in(scope):
            sent = Credential(Scheme.BEARER, self._key)
        return await self._authenticator.authenticate(sent)

    async def sign_in(self, key: str) -> str:
        """Trade the key for a cookie.

        :returns: the value of ``Set-Cookie``.
        :raises Unauthenticated: it is another key.
        """
        await self._authenticator.authenticate(Credential(Scheme.BEARER, key))
        until = int((self._clock.now() + timedelta(hours=HOURS)).timestamp())
        return self._cookie(f"{until}.{self._signature(str(until))}", HOURS * 3600)

    def sign_out(self) -> str:
        """The value of ``Set-Cookie`` that takes the cookie away."""
        return self._cookie("", 0)

    def signed_in(self, scope: Scope) -> bool:
        """Whether a cookie of ours came that is still good."""
        until, _, signature = cookie_of(scope, COOKIE).partition(".")
        if self._key is None or not (until.isascii() and until.isdigit() and len(until) < 12):
            return False
        right = hmac.compare_digest(signature.encode("utf-8", "replace"), self._signature(until).encode())
        return right and int(until) > self._clock.now().timestamp()

    def _signature(self, until: str) -> str:
        assert self._key is not None
        key = hmac.digest(self._key.encode(), _PURPOSE, "sha256")
        return hmac.new(key, until.encode(), "sha256").hexdigest()

    def _cookie(self, value: str, seconds: int) -> str:
        secure = "; Secure" if self._secure else ""
        return f"{COOKIE}={value}; Max-Age={seconds}; Path=/ops; HttpOnly; SameSite=Strict{secure}"
