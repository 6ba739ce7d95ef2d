"""Which passwords are taken, after NIST SP 800-63B-4: long ones that nobody else has; what they are made of is free."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from core.identity.domain.account import Newcomer
from core.identity.domain.names import folded

LEAST = 15
LEAST_WITH_FACTOR = 8
"""Characters, where a second factor is asked for as well."""

MOST = 128
FEWEST_DIFFERENT = 5
_SERVICE = "soty"
_SHORTEST_WORD = 4


def composed(password: str) -> str:
    """A password as it is hashed: the same keys give the same bytes on every machine (NFC); nothing is cut off."""
    return unicodedata.normalize("NFC", password)


def faults_of(password: str, context: Iterable[str], *, least: int = LEAST) -> list[dict[str, Any]]:
    """Why a password is refused, as errors of a field that is still to be named; none when it is taken.

    :param password: composed.
    :param context: words that others know of its owner, which count for nothing.
    :param least: characters that it must have.
    """
    if len(password) < least:
        return [_fault("too_short", min=least)]
    if len(password) > MOST:
        return [_fault("too_long", max=MOST)]
    rest = folded(password)
    for word in sorted({_SERVICE, *map(folded, context)}, key=len, reverse=True):
        rest = rest.replace(word, "") if len(word) >= _SHORTEST_WORD else rest
    if len(rest) < LEAST_WITH_FACTOR:
        return [_fault("password_of_context")]
    return [COMMON] if len(set(password)) < FEWEST_DIFFERENT else []


def _fault(code: str, **params: int) -> dict[str, Any]:
    return {"field": "", "code": code, "params": params}


COMMON = _fault("common_password")
"""What is refused because everybody knows it."""


def context_of(person: Newcomer) -> list[str]:
    """Words that others know of a person."""
    names = [person.email or "", person.username or "", person.phone or ""]
    return [word for name in names for word in (name, *name.split("@")) if word]
