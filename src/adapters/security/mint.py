"""Secrets from the operating system, and those that are made of others."""

import base64
import hmac
import secrets
from collections.abc import Sequence

from core.identity.secrets import Mint


class SystemMint(Mint):
    """Randomness of the system; what is derived depends on a key that nobody else has."""

    def __init__(self, key: bytes, *others: bytes) -> None:
        """:param key: of 32 bytes, the pepper.
        :param others: peppers of which what was made is still taken.
        """
        self._key = key
        self._others = others

    def token(self) -> str:
        """256 random bits."""
        return secrets.token_urlsafe(32)

    def digits(self) -> str:
        """Six random digits."""
        return f"{secrets.randbelow(1_000_000):06}"

    def derive(self, purpose: str, text: str) -> str:
        """HMAC-SHA256 of the text for this purpose."""
        digest = hmac.digest(self._key, f"{purpose}\0{text}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def all(self) -> Sequence[Mint]:
        """One mint for each key."""
        return [self, *map(SystemMint, self._others)]
