"""Sealing by Fernet (https://github.com/fernet/spec): AES-128-CBC with HMAC-SHA256."""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from core.kernel.seal import BrokenSeal, Seal


class FernetSeal(Seal):
    """Seals under the first of its keys and opens what any of them sealed."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """:param keys: of 32 bytes each, the one of now first."""
        self._fernet = MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise BrokenSeal from error
