"""Whether a form was given by a page of this site to the session that sends it."""

import hmac

from entrypoints.http.errors import ForeignFormError

FIELD = "form_token"
_PURPOSE = b"soty: token of forms, version 1"


def form_token(session: str) -> str:
    """What each form of a session carries; nobody can make it who does not know the cookie of the session.

    :param session: the value of the cookie; empty gives an empty token, since nothing can be done in its name.
    """
    return hmac.new(session.encode(), _PURPOSE, "sha256").hexdigest() if session else ""


def require_own(session: str, token: str) -> None:
    """Let a form pass only with the token of the session.

    :raises ForeignFormError: the token is another.
    """
    if not hmac.compare_digest(token.encode("utf-8", "replace"), form_token(session).encode()):
        raise ForeignFormError
