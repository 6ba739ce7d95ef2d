"""Signatures by HMAC-SHA256 (Standard Webhooks, https://www.standardwebhooks.com)."""

import base64
import hmac
from collections.abc import Sequence

from core.kernel.clock import Clock
from core.kernel.signatures import BadSignature, SignatureExpired, SignatureMissing, SignatureVerifier, Signed

TOLERANCE = 300
HEADERS = ["webhook-id", "webhook-timestamp", "webhook-signature"]
_LONGEST_TIME = 12


class HmacVerifier(SignatureVerifier):
    """Takes signatures of any of its keys, so that a key can be changed without a pause."""

    def __init__(self, keys: Sequence[bytes], clock: Clock) -> None:
        """:param keys: shared with senders; none knows nobody."""
        self.required = bool(keys)
        self._keys = tuple(keys)
        self._clock = clock

    def verify(self, signed: Signed, raw: bytes) -> None:
        """Compare with what each key would have signed; the time taken tells nothing about it."""
        if signed.id is None or signed.timestamp is None or signed.signatures is None:
            raise SignatureMissing(headers=HEADERS)
        self._refuse_old(signed.timestamp)
        text = f"{signed.id}.{signed.timestamp}.".encode() + raw
        wanted = [base64.b64encode(hmac.digest(key, text, "sha256")) for key in self._keys]
        given = [part[3:].encode() for part in signed.signatures.split(" ") if part.startswith("v1,")]
        if not any(hmac.compare_digest(one, other) for one in given for other in wanted):
            raise BadSignature

    def _refuse_old(self, timestamp: str) -> None:
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIME):
            raise BadSignature
        if abs(self._clock.now().timestamp() - int(timestamp)) > TOLERANCE:
            raise SignatureExpired(tolerance=TOLERANCE)
