"""What identity needs from cryptography."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

from core.kernel.errors import Kind, SotyError


class BadToken(SotyError):
    """A token that was not signed here, was changed, is of another type, or is too old."""

    code = "identity.bad_token"
    kind = Kind.UNAUTHENTICATED


class PasswordHasher(Protocol):
    """Keeps passwords so that nobody can read them; slow on purpose, and never on the loop that serves others."""

    @abstractmethod
    async def hash(self, password: str) -> str:
        """What is kept of a password; the same password never gives the same twice, and all of it counts.

        :raises Unavailable: too many ask at once.
        """

    @abstractmethod
    async def verify(self, kept: str | None, password: str) -> bool:
        """Whether a password is the one that was kept.

        :param kept: None takes as long as any other and is never right.
        :raises Unavailable: too many ask at once.
        """

    @abstractmethod
    def is_outdated(self, kept: str) -> bool:
        """Whether it should be hashed anew, since it was with weaker parameters than those of now."""


class BreachedPasswords(Protocol):
    """Knows passwords that others use or used, so that they are tried first."""

    @abstractmethod
    async def knows(self, password: str) -> bool:
        """Whether a password is one of them, in whatever letters."""


class TokenSigner(Protocol):
    """Signs short-lived access tokens (RFC 9068) and reads its own."""

    @abstractmethod
    def sign(self, claims: Mapping[str, str | int]) -> str:
        """A token of claims.

        :param claims: ``sub``, ``sid``, ``jti``, ``iat``, ``exp``; ``iss``, ``aud`` and ``typ`` are the signer's own.
        """

    @abstractmethod
    def read(self, token: str) -> Mapping[str, str | int]:
        """The claims of a token of its own, signed under the key of now or the one before.

        :raises BadToken: it is not one, or its ``exp`` has passed.
        """


class Mint(Protocol):
    """Makes secrets that cannot be guessed, and others from them that only it can make."""

    @abstractmethod
    def token(self) -> str:
        """256 random bits, as 43 characters that may stand in a URL."""

    @abstractmethod
    def digits(self) -> str:
        """Six random digits."""

    @abstractmethod
    def derive(self, purpose: str, text: str) -> str:
        """A token made from a text: always the same, by nobody else, and another for another purpose."""

    @abstractmethod
    def all(self) -> Sequence["Mint"]:
        """This one, and those with the other keys whose work is taken while the key is changed."""
