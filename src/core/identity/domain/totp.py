"""The second factor: time-based one-time passwords (RFC 6238) and the codes that replace a lost device."""

import base64
import hashlib
import re
from datetime import timedelta

from core.kernel.errors import Kind, SotyError

CHALLENGE_LIFETIME = timedelta(minutes=5)
RECOVERY_CODES = 10
_BYTES = 10


class SecondFactorWrong(SotyError):
    """The code is wrong, was used before or is too old."""

    code = "identity.second_factor_wrong"
    kind = Kind.FORBIDDEN


class ChallengeVoid(SotyError):
    """A sign-in that waits for a second factor is unknown, was completed, tried too often, or is too old."""

    code = "identity.challenge_void"
    kind = Kind.UNAUTHENTICATED


class SecondFactorOn(SotyError):
    """The account has a second factor already."""

    code = "identity.second_factor_on"
    kind = Kind.CONFLICT


class SecondFactorOff(SotyError):
    """The account has no second factor that is in force."""

    code = "identity.second_factor_off"
    kind = Kind.CONFLICT


def recovery_code(token: str) -> str:
    """A recovery code of 80 bits, as ``xxxx-xxxx-xxxx-xxxx``.

    :param token: 256 random bits.
    """
    text = base64.b32encode(hashlib.sha256(token.encode()).digest()[:_BYTES]).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def recovery_digest(code: str) -> bytes:
    """What is kept of a recovery code; case, spaces and dashes do not matter."""
    return hashlib.sha256(re.sub(r"[\s-]", "", code).lower().encode("utf-8", "replace")).digest()


def is_recovery_code(code: str) -> bool:
    """Whether a code looks like one that replaces the generator, whose codes are six digits."""
    return len(re.sub(r"[\s-]", "", code)) > 6
