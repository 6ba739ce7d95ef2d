"""All cookies that say who somebody is are made and read here."""

from litestar.types import Scope

from entrypoints.shared.settings import Settings

REFRESH_PATH = "/api/v1/auth/refresh"


class Cookies:
    """Over TLS the names bind them to this host and to TLS (RFC 6265bis §4.1.3).

    Only where the public address is plain HTTP, as in development, they have neither prefix nor ``Secure``; a name
    without a prefix is never read over TLS, since a neighbour of our domain could have set it.
    """

    def __init__(self, settings: Settings) -> None:
        """:param settings: which tell the public address."""
        self.secure = settings.public_url.startswith("https://")
        self.session_name = f"{'__Host-' * self.secure}soty_session"
        self.refresh_name = f"{'__Secure-' * self.secure}soty_refresh"
        self.own_name = f"{'__Host-' * self.secure}soty_own"

    def session(self, value: str, seconds: int) -> str:
        """``Set-Cookie`` of a session, which follows links from elsewhere.

        :param seconds: how long it lives; with an empty value it goes.
        """
        return self.made(self.session_name, value, seconds)

    def refresh(self, value: str, seconds: int) -> str:
        """``Set-Cookie`` of what renews a session, and is sent nowhere else.

        :param seconds: how long it lives; with an empty value it goes.
        """
        return self.made(self.refresh_name, value, seconds, path=REFRESH_PATH, site="Strict")

    def own(self, value: str, seconds: int) -> str:
        """``Set-Cookie`` of the session that waits while its person acts as somebody else.

        :param seconds: how long it lives; with an empty value it goes.
        """
        return self.made(self.own_name, value, seconds, site="Strict")

    def gone(self) -> list[str]:
        """``Set-Cookie`` that takes all of them away."""
        return [self.session("", 0), self.refresh("", 0), self.own("", 0)]

    def made(self, name: str, value: str, seconds: int, *, path: str = "/", site: str = "Lax") -> str:
        """``Set-Cookie`` of any cookie of ours.

        :param value: only characters that cookies may have.
        """
        age = seconds if value else 0
        return f"{name}={value}; Max-Age={age}; Path={path}; HttpOnly; SameSite={site}{'; Secure' * self.secure}"

    def session_of(self, scope: Scope) -> str | None:
        """The session that a browser sent; None when none came, or several that differ."""
        return _sent(scope, self.session_name.encode())

    def own_of(self, scope: Scope) -> str | None:
        """The session that waits while its person acts as somebody else; None when none came, or several."""
        return _sent(scope, self.own_name.encode())

    def refresh_of(self, scope: Scope) -> str | None:
        """What renews a session, as a browser sent it; None when none came, or several that differ."""
        return _sent(scope, self.refresh_name.encode())


def _sent(scope: Scope, name: bytes) -> str | None:
    parts = (part for key, value in scope["headers"] if key == b"cookie" for part in value.split(b";"))
    pairs = (part.strip().partition(b"=") for part in parts)
    found = {value for key, sign, value in pairs if sign and key == name}
    return found.pop().decode("latin-1") or None if len(found) == 1 else None
