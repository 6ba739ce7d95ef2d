"""Facts of identity."""

from typing import ClassVar
from uuid import UUID

from msgspec import field

from core.kernel.facts import Fact


class VerificationAsked(Fact, frozen=True, kw_only=True):
    """Somebody wants another code for an address; whether it belongs to an account is found out later.

    ``language`` is the one in which whoever asked reads.
    """

    name: ClassVar[str] = "identity.verification_asked"
    version: ClassVar[int] = 1
    internal: ClassVar[bool] = True

    login: str
    language: str


class SignInCodeAsked(Fact, frozen=True, kw_only=True):
    """Somebody wants to sign in by a code; whether there is such an account is found out later.

    ``asked`` is the hash of the token without which the code is good for nothing, in hexadecimal.
    """

    name: ClassVar[str] = "identity.sign_in_code_asked"
    version: ClassVar[int] = 1
    internal: ClassVar[bool] = True

    login: str
    language: str
    asked: str


class ResetAsked(Fact, frozen=True, kw_only=True):
    """Somebody wants to set a new password; whether there is such an account is found out later."""

    name: ClassVar[str] = "identity.reset_asked"
    version: ClassVar[int] = 1
    internal: ClassVar[bool] = True

    login: str
    language: str


class SessionsStale(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """What the cache knows of sessions and API keys is old, and could not be forgotten at once.

    ``keys`` are the prefixes of keys.
    """

    name: ClassVar[str] = "identity.sessions_stale"
    version: ClassVar[int] = 1
    internal: ClassVar[bool] = True

    sessions: list[UUID]
    keys: list[str] = field(default_factory=list)


class AccountPurged(Fact, frozen=True, kw_only=True):
    """An account and all that belonged to it are gone for good."""

    name: ClassVar[str] = "identity.account_purged"
    version: ClassVar[int] = 1
    internal: ClassVar[bool] = True

    account_id: UUID

    def key(self) -> str:
        """The account."""
        return str(self.account_id)
