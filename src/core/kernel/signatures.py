"""Senders who sign what they send, after Standard Webhooks."""

from abc import abstractmethod
from typing import Protocol

import msgspec

from core.kernel.errors import Kind, SotyError


class Signed(msgspec.Struct, frozen=True):
    """What was sent beside the body; None was not sent."""

    id: str | None
    timestamp: str | None
    signatures: str | None


class BadSignature(SotyError):
    """The sender is not known by the signature."""

    code = "kernel.bad_signature"
    kind = Kind.UNAUTHENTICATED


class SignatureMissing(BadSignature):
    """A header of the signature was not sent; ``headers`` names those that are needed."""

    code = "kernel.signature_missing"


class SignatureExpired(BadSignature):
    """The signature was made too long ago, or by a clock that is ahead; ``tolerance`` is in seconds."""

    code = "kernel.signature_expired"


class SignatureVerifier(Protocol):
    """Knows senders by what they sign."""

    required: bool
    """Whether senders have to sign; without a secret nobody could."""

    @abstractmethod
    def verify(self, signed: Signed, raw: bytes) -> None:
        """Let a body go on only with a signature of its own, made with a known secret not longer than 5 minutes ago.

        :param raw: the body as it was sent.
        :raises SignatureMissing: a header was not sent.
        :raises SignatureExpired: the time is more than 5 minutes away.
        :raises BadSignature: no signature fits.
        """
