"""The one secret of an installation, from which every other key is derived."""

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SECRET_BYTES = 32
"""The least that a secret must have, and what a derived key has."""


class RootSecret:
    """Derives keys by HKDF-SHA256 (RFC 5869), so that no two purposes share one and none tells of another."""

    def __init__(self, secrets: Sequence[str]) -> None:
        """:param secrets: the one of now, then those whose keys are still taken.
        :raises ValueError: one is shorter than 32 bytes.
        """
        self._secrets = [text.encode() for text in secrets]
        if any(len(secret) < SECRET_BYTES for secret in self._secrets):
            raise ValueError(f"a secret needs {SECRET_BYTES} bytes or more")

    def keys(self, purpose: str) -> list[bytes]:
        """Keys of 32 bytes for one purpose, such as ``seal``, in the order of the secrets: the first one signs."""
        return [_derived(secret, purpose) for secret in self._secrets]


def key_id(key: bytes) -> str:
    """A name of a key that may be told to everybody."""
    return sha256(b"id" + key).hexdigest()[:16]


def random_secret() -> str:
    """A new secret of 256 bits."""
    return secrets.token_urlsafe(SECRET_BYTES)


def kept_secret(file: Path) -> str:
    """The secret that a file holds; only its owner may read it.

    It is made when there is none. Of several processes that make it at once all get the same.
    """
    with suppress(FileNotFoundError):
        return file.read_text(encoding="ascii").strip()
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=file.parent, prefix=f".{file.name}.", encoding="ascii") as made:
        made.write(random_secret())
        made.flush()
        os.fsync(made.fileno())
        with suppress(FileExistsError):
            os.link(made.name, file)
    return file.read_text(encoding="ascii").strip()


def _derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=SECRET_BYTES, salt=None, info=f"soty: {purpose}".encode()).derive(secret)
