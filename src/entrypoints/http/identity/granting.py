"""What whoever signs in gets: tokens for programs, cookies for browsers, or the wish for a second factor."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from core.identity.api import Challenge, SessionKind, SignedIn
from core.kernel.clock import Clock
from entrypoints.http.answer import ENCODER, Answer, json_headers
from entrypoints.http.cookies import Cookies


class TransportQuery(msgspec.Struct, frozen=True, gc=False):
    """How a session is to be carried."""

    transport: Literal["bearer", "cookie"] = "bearer"

    @property
    def kind(self) -> SessionKind:
        """The kind of session that is carried so."""
        return SessionKind(self.transport)


class Granted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A session; the tokens are there for programs only, and browsers get cookies instead.

    Or the wish for a second factor, which is to be sent with ``challenge`` before ``expires_at``.
    """

    status: Literal["signed_in", "second_factor_needed"]
    expires_at: datetime
    session_id: UUID | None = None
    access_token: str | None = None
    token_type: Literal["Bearer"] | None = None
    expires_in: int | None = None
    refresh_token: str | None = None
    challenge: str | None = None


class Granting:
    """Makes the answers to whoever signs in."""

    def __init__(self, cookies: Cookies, clock: Clock) -> None:
        """:param clock: tells how long cookies live."""
        self._cookies = cookies
        self._clock = clock

    def answer(self, found: SignedIn | Challenge) -> Answer:
        """What whoever signs in gets; nobody may keep it."""
        if isinstance(found, Challenge):
            return _body(Granted(status="second_factor_needed", challenge=found.token, expires_at=found.expires_at))
        if found.kind is SessionKind.COOKIE:
            return self._in_cookies(found)
        return _body(
            Granted(
                status="signed_in",
                session_id=found.session_id,
                expires_at=found.expires_at,
                access_token=found.access_token,
                token_type="Bearer",  # noqa: S106 - a kind of token
                expires_in=found.expires_in,
                refresh_token=found.refresh_token,
            )
        )

    def _in_cookies(self, session: SignedIn) -> Answer:
        seconds = int((session.expires_at - self._clock.now()).total_seconds())
        made = (self._cookies.session(session.cookie, seconds), self._cookies.refresh(session.refresh_token, seconds))
        granted = Granted(status="signed_in", session_id=session.session_id, expires_at=session.expires_at)
        headers = [*json_headers(), *((b"set-cookie", each.encode()) for each in made)]
        return Answer(200, ENCODER.encode(granted), headers)


def _body(granted: Granted) -> Answer:
    return Answer(200, ENCODER.encode(granted), json_headers())
