"""Headers that keep an answer safe, whatever made it: nothing can be served without them."""

from collections.abc import Iterable

from entrypoints.http.answer import Headers
from entrypoints.shared.settings import Settings

YEAR = 365 * 24 * 3600
USUAL: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]
"""For answers that do not know better, such as pages, whose policy lets their own scripts run."""
TLS_ONLY = (b"strict-transport-security", b"max-age=%d; includeSubDomains" % YEAR)


class Safety:
    """Adds what an answer lacks. Where the public address is https, browsers keep to TLS, and so do cookies."""

    def __init__(self, settings: Settings) -> None:
        """:param settings: which tell the public address."""
        self._tls = settings.public_url.startswith("https://")
        self._usual = [*USUAL, TLS_ONLY] if self._tls else USUAL

    def around(self, given: Iterable[tuple[bytes, bytes]]) -> Headers:
        """Headers of an answer with all that it needs."""
        headers = [_over_tls(*each) for each in given] if self._tls else list(given)
        names = {name for name, _ in headers}
        headers += [each for each in self._usual if each[0] not in names]
        return headers


def _over_tls(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    return name, value + b"; Secure" if name == b"set-cookie" and b"; Secure" not in value else value
