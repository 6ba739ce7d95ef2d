"""Whether a form was sent by a page of this site, or by another site in the name of its visitor."""

import hmac
from urllib.parse import urlsplit

from litestar.types import Scope

from entrypoints.http.errors import ForeignFormError
from entrypoints.http.reading import header

FIELD = "form_token"
_PURPOSE = b"soty: token of forms, version 1"
_OWN = (b"same-origin", b"none")


def form_token(session: str) -> str:
    """What each form of a session carries; nobody can make it who does not know the cookie of the session.

    :param session: the value of the cookie; empty gives an empty token, since nothing can be done in its name.
    """
    return hmac.new(session.encode(), _PURPOSE, "sha256").hexdigest() if session else ""


def require_own(scope: Scope, session: str, token: str) -> None:
    """Let a form pass only when the browser says that it is ours and it carries the token of the session.

    :raises ForeignFormError: another site sent it, or the token is another.
    """
    site, origin = header(scope, b"sec-fetch-site"), header(scope, b"origin")
    if site is not None:
        own = site in _OWN
    else:
        own = origin is None or urlsplit(origin.decode("latin-1")).netloc == (header(scope, b"host") or b"").decode(
            "latin-1"
        )
    if not own or not hmac.compare_digest(token.encode("utf-8", "replace"), form_token(session).encode()):
        raise ForeignFormError
