"""What the second factor needs from outside."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec


class Totp(msgspec.Struct, frozen=True, kw_only=True):
    """The generator of codes that an account has, or is about to have until it is confirmed.

    ``sealed`` is its secret under a seal; ``last_step`` is the 30-second step whose code was used last, so that none
    passes twice.
    """

    account_id: UUID
    sealed: str
    created_at: datetime
    confirmed_at: datetime | None = None
    last_step: int = 0


class SecondFactorView(msgspec.Struct, frozen=True):
    """Whether an account has a second factor in force, since when, and how many recovery codes are left."""

    enabled: bool
    since: datetime | None
    recovery_codes_left: int


class Enrolment(msgspec.Struct, frozen=True):
    """What an app needs to make codes: the secret in base 32, the ``otpauth://`` address that says all to the app, and
    that address as a QR code, a ``data:image/svg+xml`` URI.
    """

    secret: str
    uri: str
    picture: str


class Factors(Protocol):
    """Second factors of accounts."""

    @abstractmethod
    async def lock(self, account_id: UUID) -> Totp | None:
        """The generator of an account, held against others until the unit of work ends; None without one."""

    @abstractmethod
    async def put(self, totp: Totp) -> None:
        """Keep the generator of an account instead of what it had."""

    @abstractmethod
    async def remove(self, account_id: UUID) -> None:
        """Drop the generator of an account and its recovery codes."""

    @abstractmethod
    async def set_recovery(self, account_id: UUID, digests: Sequence[bytes]) -> None:
        """Keep recovery codes instead of those that the account had."""

    @abstractmethod
    async def use_recovery(self, account_id: UUID, digest: bytes) -> bool:
        """Use up a recovery code; of many at once one does. False where the account has no such code."""


class FactorReader(Protocol):
    """Reads second factors."""

    @abstractmethod
    async def second_factor(self, account_id: UUID) -> SecondFactorView:
        """What the account has; one that is not confirmed is not in force."""


class CodeGenerator(Protocol):
    """Time-based one-time passwords of six digits, a new one every 30 seconds (RFC 6238); secrets stay under a seal."""

    @abstractmethod
    def new_secret(self) -> str:
        """160 random bits or more, sealed."""

    @abstractmethod
    def step(self, sealed: str, code: str, at: datetime) -> int | None:
        """The 30-second step whose code it is, the one of a moment or one beside it; None for any other code.

        The time taken tells nothing about the right code.

        :raises BrokenSeal: the secret was sealed under a key that is gone.
        """

    @abstractmethod
    def sealed_anew(self, sealed: str) -> str:
        """The same secret, sealed under the key of now.

        :raises BrokenSeal: it was sealed under a key that is gone.
        """

    @abstractmethod
    def enrolment(self, sealed: str, account: str) -> Enrolment:
        """What an app needs.

        :param account: what the app shows beside the name of Soty.
        :raises BrokenSeal: the secret was sealed under a key that is gone.
        """
