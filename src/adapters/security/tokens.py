"""Access tokens as JWT (RFC 7519, 8725 and 9068), signed by HMAC-SHA256."""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Final

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
_OURS = (ISSUER, AUDIENCE, TYPE)


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


_CLAIMS = msgspec.json.Decoder(Claims)


class JwtSigner(TokenSigner):
    """Takes what it would have written itself, letter for letter, and nothing else.

    Nothing of a header is parsed: the key is the one whose header stands there, so that none leads to another key or
    another algorithm. Of a body nothing is read before its signature was compared.
    """

    def __init__(self, keys: Sequence[bytes], clock: Clock) -> None:
        """:param keys: of 32 bytes each; the first signs.
        :param clock: tells whether a token is too old.
        """
        self._keys = {_encoded_header(key): key for key in keys}
        self._head, self._now = _encoded_header(keys[0]), keys[0]
        self._clock = clock

    def sign(self, claims: Mapping[str, str | int]) -> str:
        """The token of claims, under the key of now."""
        told = {**claims, "iss": ISSUER, "aud": AUDIENCE, "typ": TYPE}
        signed = self._head + b"." + _encoded(told)
        return (signed + b"." + _signature(self._now, signed)).decode()

    def read(self, token: str) -> Mapping[str, str | int]:
        """The claims of a token.

        :raises BadToken: it was signed elsewhere, for something else, or changed, or is too old.
        """
        if not _SHAPE.fullmatch(token):
            raise BadToken
        signed, _, signature = token.encode().rpartition(b".")
        head, _, body = signed.partition(b".")
        key = self._keys.get(head)
        if key is None or not hmac.compare_digest(_signature(key, signed), signature):
            raise BadToken
        try:
            claims = _CLAIMS.decode(base64.urlsafe_b64decode(body + b"=="))
        except (binascii.Error, UnicodeDecodeError, msgspec.DecodeError):
            raise BadToken from None
        now = self._clock.now().timestamp()
        if (claims.iss, claims.aud, claims.typ) != _OURS or claims.exp <= now or claims.iat > now + SKEW:
            raise BadToken
        return msgspec.structs.asdict(claims)


def _encoded_header(key: bytes) -> bytes:
    return _encoded({"alg": ALGORITHM, "kid": key_id(key), "typ": TYPE})


def _encoded(part: Mapping[str, str | int]) -> bytes:
    return _unpadded(msgspec.json.encode(part))


def _signature(key: bytes, signed: bytes) -> bytes:
    return _unpadded(hmac.digest(key, signed, "sha256"))


def _unpadded(octets: bytes) -> bytes:
    return base64.urlsafe_b64encode(octets).rstrip(b"=")
