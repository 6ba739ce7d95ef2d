"""Secrets from the operating system, and those that are made of others."""

import base64
import hmac
import secrets

from core.identity.secrets import Mint


class SystemMint(Mint):
    """Randomness of the system; what is derived depends on a key that nobody else has."""

    def __init__(self, key: bytes) -> None:
        """:param key: of 32 bytes, the pepper."""
        self._key = key

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
