"""Cryptography that is quick and safe for nothing but tests and a look at Soty."""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from itertools import count

import msgspec

from core.identity.secrets import BadToken, BreachedPasswords, Mint, PasswordHasher, TokenSigner
from core.kernel.clock import Clock

OLD_SALT = "0"


class QuickHasher(PasswordHasher):
    """Hashes once with a salt that is a number."""

    def __init__(self) -> None:
        self._salts = count(1)

    async def hash(self, password: str) -> str:
        """The salt and the hash."""
        return hashed(str(next(self._salts)), password)

    async def verify(self, kept: str | None, password: str) -> bool:
        """Whether the hash is the same under the same salt."""
        salt = "" if kept is None else kept.partition("$")[0]
        return hmac.compare_digest(kept or "", hashed(salt, password))

    def is_outdated(self, kept: str) -> bool:
        """Whether its salt is that of before."""
        return kept.startswith(f"{OLD_SALT}$")


def hashed(salt: str, password: str) -> str:
    """The salt and the hash of both."""
    return f"{salt}${hashlib.sha256(f'{salt}{password}'.encode()).hexdigest()}"


class FewBreached(BreachedPasswords):
    """Knows a few passwords."""

    def __init__(
        self, known: Collection[str] = ("passwordpassword", "123456789012345", "correct horse battery")
    ) -> None:
        """:param known: in small letters."""
        self._known = frozenset(known)

    async def knows(self, password: str) -> bool:
        """Whether it is one of the few."""
        return password.casefold() in self._known


class PlainSigner(TokenSigner):
    """Claims as they are, with a keyed hash."""

    def __init__(self, clock: Clock, key: bytes = b"tests") -> None:
        """:param clock: tells whether a token is too old."""
        self._clock = clock
        self._key = key

    def sign(self, claims: Mapping[str, str | int]) -> str:
        """The claims in hexadecimal and their hash."""
        body = msgspec.json.encode(claims)
        return f"{body.hex()}.at.{hmac.digest(self._key, body, 'sha256').hex()}"

    def read(self, token: str) -> Mapping[str, str | int]:
        """The claims.

        :raises BadToken: it was made by another, or is too old.
        """
        parts = token.split(".")
        try:
            body, sent = bytes.fromhex(parts[0]), bytes.fromhex(parts[-1])
        except ValueError:
            raise BadToken from None
        if parts[1:-1] != ["at"] or not hmac.compare_digest(sent, hmac.digest(self._key, body, "sha256")):
            raise BadToken
        claims = msgspec.json.decode(body, type=dict[str, str | int])
        if int(claims["exp"]) <= self._clock.now().timestamp():
            raise BadToken
        return claims


class CountingMint(Mint):
    """Secrets that come in the same order in every run."""

    def __init__(self, seed: str = "tests") -> None:
        """:param seed: another gives other secrets."""
        self._seed = seed
        self._numbers = count(1)

    def token(self) -> str:
        """The next secret."""
        return self.derive("token", str(next(self._numbers)))

    def digits(self) -> str:
        """The next six digits."""
        return f"{int.from_bytes(self.derive('digits', str(next(self._numbers))).encode()) % 1_000_000:06}"

    def derive(self, purpose: str, text: str) -> str:
        """A keyed hash, 43 characters of it."""
        return hmac.new(self._seed.encode(), f"{purpose}\n{text}".encode(), "sha256").hexdigest()[:43]

    def all(self) -> Sequence[Mint]:
        """It never changes."""
        return [self]
