"""API keys: how they are made, read and refused."""

import hashlib
import re
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from core.kernel.errors import Invalid, Kind, SotyError

LONGEST = timedelta(days=3653)
MOST_KEYS = 50
"""Of one account at once."""

_SHAPE = re.compile(r"soty_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")


class ApiKeyNotFound(SotyError):
    """The caller has no such API key."""

    code = "identity.api_key_not_found"
    kind = Kind.NOT_FOUND


class TooManyApiKeys(SotyError):
    """The account has as many API keys as it may have; ``limit`` says how many."""

    code = "identity.too_many_api_keys"
    kind = Kind.CONFLICT


class ScopesNotHeld(SotyError):
    """A key was wanted that may do what its owner may not; ``scopes`` names it."""

    code = "identity.scopes_not_held"
    kind = Kind.FORBIDDEN


class ExpiryOutOfRange(Invalid):
    """A key was wanted that would have expired already, or only after ten years."""

    code = "identity.expiry_out_of_range"


class ApiKeySecret(NamedTuple):
    """The parts of a key: the prefix names it for everybody, the digest is all that is kept of the rest."""

    prefix: str
    digest: bytes


def written(key_id: UUID, secret: str) -> str:
    """A key as its owner sees it, once.

    :param key_id: the last digits of it are the prefix by which the key is known.
    :param secret: 256 random bits in 43 characters.
    """
    return f"soty_{key_id.hex[-8:]}_{secret}"


def read(text: str) -> ApiKeySecret | None:
    """The parts of a key; None for what has another shape."""
    found = _SHAPE.fullmatch(text)
    return None if found is None else ApiKeySecret(found[1], hashlib.sha256(found[2].encode()).digest())
