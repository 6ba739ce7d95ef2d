"""Names of people: how they are compared, and which are refused."""

import re
import unicodedata
from typing import Any

from core.identity.domain.account import HandleKind

_RESERVED = """
about account admin administrator anonymous api auth billing bot config contact dev docs everyone help hostmaster info
login logout mail me moderator no-reply noreply null official operator owner ops panel postmaster privacy profile
register registration root security service settings setup sign-in signin signup soty staff status super superadmin
superuser support sysadmin system team telegram test undefined user username users webmaster www
"""
_USERNAME = re.compile(r"[a-z0-9](?:[._-]?[a-z0-9]){2,31}")
_LOOKALIKES = str.maketrans("01i3457", "olleast")
_SEPARATORS = re.compile(r"[._-]")
_PHONE = re.compile(r"\+[\d\s().-]+")


def folded(text: str) -> str:
    """A text as texts are compared: without the difference of letters that look or mean the same (NFKC, casefold)."""
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    return unicodedata.normalize("NFKC", once.casefold())


def masked(email: str) -> str:
    """An address that only who knows it knows again: its first letter and its domain."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}***@{domain}"


def username_key(text: str) -> str | None:
    """A username as it is compared; None when nobody may have it.

    Only letters that nothing else looks like are taken, so no two names look the same but for 0 and o, 1 and l.
    """
    key = folded(text)
    return None if _username_faults(key) else key


def login_faults(login: str) -> list[dict[str, Any]]:
    """Why nobody can register under what was typed, as errors of fields."""
    kind = kind_of(login)
    if kind is HandleKind.USERNAME:
        return _username_faults(folded(login))
    return [_fault("bad_email" if kind is HandleKind.EMAIL else "bad_phone")]


def _username_faults(key: str) -> list[dict[str, Any]]:
    if not _USERNAME.fullmatch(key) or key.isdigit():
        return [_fault("bad_username")]
    return [_fault("reserved_username")] if _skeleton(key) in _RESERVED_SKELETONS else []


def _fault(code: str) -> dict[str, Any]:
    return {"field": "/login", "code": code, "params": {}}


def _skeleton(key: str) -> str:
    """What a name looks like at a glance."""
    return _SEPARATORS.sub("", key).translate(_LOOKALIKES)


_RESERVED_SKELETONS = frozenset(_skeleton(word) for word in _RESERVED.split())


def kind_of(login: str) -> HandleKind:
    """What somebody who signs in has typed."""
    if "@" in login:
        return HandleKind.EMAIL
    return HandleKind.PHONE if _PHONE.fullmatch(login.strip()) else HandleKind.USERNAME
