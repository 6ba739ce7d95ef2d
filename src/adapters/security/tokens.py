"""Access tokens as JWT (RFC 7519, 8725 and 9068), signed by HMAC-SHA256."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import jwt
import msgspec

from adapters.security.root_secret import key_id
from core.identity.secrets import BadToken, TokenSigner
from core.kernel.clock import Clock

ALGORITHM: Final = "HS256"
TYPE: Final = "at+jwt"
ISSUER: Final = "soty"
AUDIENCE: Final = "soty:api"
SKEW = 60
"""Seconds by which clocks of our machines may differ."""

_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,200}\.[A-Za-z0-9_-]{1,800}\.[A-Za-z0-9_-]{43}")
_DECODED: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}


class Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that a token says; there is nothing personal in it, and no permission."""

    sub: str
    sid: str
    jti: str
    iat: int
    exp: int
    iss: str
    aud: str
    typ: str


class JwtSigner(TokenSigner):
    """Takes what it would have written itself, letter for letter, and nothing else.

    The key is chosen among its own by ``kid`` and the algorithm is not read from the token, so that no header leads
    to another key.
    """

    def __init__(self, keys: Sequence[bytes], clock: Clock) -> None:
        """:param keys: of 32 bytes each; the first signs.
        :param clock: tells whether a token is too old.
        """
        self._keys = {key_id(key): key for key in keys}
        self._now = key_id(keys[0])
        self._clock = clock

    def sign(self, claims: Mapping[str, str | int]) -> str:
        """The token of claims, under the key of now."""
        told = {**claims, "iss": ISSUER, "aud": AUDIENCE, "typ": TYPE}
        return jwt.encode(told, self._keys[self._now], ALGORITHM, headers=_header(self._now))

    def read(self, token: str) -> Mapping[str, str | int]:
        """The claims of a token.

        :raises BadToken: it was signed elsewhere, for something else, or changed, or is too old.
        """
        if not _SHAPE.fullmatch(token):
            raise BadToken
        try:
            head = jwt.get_unverified_header(token)
            key = self._keys.get(str(head.get("kid")))
            if key is None or head != _header(str(head["kid"])):
                raise BadToken
            body = jwt.decode(token, key, [ALGORITHM], audience=AUDIENCE, issuer=ISSUER, options=_DECODED)
            claims = msgspec.convert(body, Claims)
        except (jwt.InvalidTokenError, msgspec.ValidationError):
            raise BadToken from None
        now = self._clock.now().timestamp()
        if claims.typ != TYPE or claims.exp <= now or claims.iat > now + SKEW:
            raise BadToken
        return msgspec.structs.asdict(claims)


def _header(kid: str) -> dict[str, str]:
    return {"alg": ALGORITHM, "kid": kid, "typ": TYPE}
