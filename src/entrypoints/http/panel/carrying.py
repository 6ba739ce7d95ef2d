"""How a browser carries a session: cookies that only the server reads."""

from core.identity.api import Challenge, SignedIn
from core.kernel.clock import Clock
from entrypoints.http.cookies import Cookies
from entrypoints.http.panel.cookies import PENDING

TWO_FACTOR, BY_CODE = "/two-factor", "/sign-in/code"
END = "/people/back"
TEN_MINUTES, TWELVE_HOURS = 600, 12 * 3600


class Carrying:
    """Makes the cookies of sessions."""

    def __init__(self, cookies: Cookies, clock: Clock) -> None:
        """:param clock: tells how long a session still has."""
        self._cookies = cookies
        self._clock = clock

    def cookies(self, signed: SignedIn) -> list[str]:
        """``Set-Cookie`` of a session."""
        left = int((signed.expires_at - self._clock.now()).total_seconds())
        return [self._cookies.session(signed.cookie, left), self._cookies.refresh(signed.refresh_token, left)]

    def acting(self, signed: SignedIn, own: str) -> list[str]:
        """``Set-Cookie`` of a session as somebody else, and of the one that waits for its end.

        :param own: the session of the one who acts.
        """
        left = int((signed.expires_at - self._clock.now()).total_seconds())
        return [self._cookies.session(signed.cookie, left), self._cookies.own(own, left)]

    def back(self, own: str) -> list[str]:
        """``Set-Cookie`` of the session that waited; one that has ended meanwhile is refused at the next call."""
        return [self._cookies.session(own, TWELVE_HOURS), self._cookies.own("", 0)]

    def pending(self, challenge: Challenge) -> str:
        """``Set-Cookie`` of a sign-in that waits for the second factor."""
        left = int((challenge.expires_at - self._clock.now()).total_seconds())
        return self._cookies.made(PENDING, challenge.token, left, path=TWO_FACTOR, site="Strict")

    def asked(self, token: str) -> str:
        """``Set-Cookie`` of a code that was asked for.

        :param token: without which the code is good for nothing; an empty one takes the cookie away.
        """
        return self._cookies.made(PENDING, token, TEN_MINUTES, path=BY_CODE, site="Strict")

    def nothing_pending(self) -> str:
        """``Set-Cookie`` that takes the waiting sign-in away."""
        return self._cookies.made(PENDING, "", 0, path=TWO_FACTOR, site="Strict")

    def gone(self) -> list[str]:
        """``Set-Cookie`` that takes the session away, and the one that waits."""
        return self._cookies.gone()
