"""What every adapter promises about cryptography."""

import pytest

from adapters.memory.clock import FakeClock
from core.identity.secrets import BadToken, BreachedPasswords, Mint, PasswordHasher, TokenSigner

LONG = "long " * 25 + "end"


class PasswordHasherSuite:
    """Passwords that can be told apart and not read."""

    @pytest.fixture
    def hasher(self) -> PasswordHasher:
        """The hasher under test."""
        raise NotImplementedError

    async def test_the_same_password_is_kept_in_another_way_every_time(self, hasher: PasswordHasher) -> None:
        first, second = await hasher.hash("a password of ours"), await hasher.hash("a password of ours")
        assert first != second
        assert "a password of ours" not in first
        assert await hasher.verify(first, "a password of ours")
        assert await hasher.verify(second, "a password of ours")
        assert not hasher.is_outdated(first)

    @pytest.mark.parametrize("other", ["", "A password of ours", "a password of ours ", "a password of our"])
    async def test_another_is_refused(self, hasher: PasswordHasher, other: str) -> None:
        assert not await hasher.verify(await hasher.hash("a password of ours"), other)

    async def test_all_of_it_counts(self, hasher: PasswordHasher) -> None:
        assert not await hasher.verify(await hasher.hash(LONG + "1"), LONG + "2")
        assert await hasher.verify(await hasher.hash("пароль \0 с нулём 🔑"), "пароль \0 с нулём 🔑")

    async def test_nobody_has_no_password(self, hasher: PasswordHasher) -> None:
        assert not await hasher.verify(None, "a password of ours")
        assert not await hasher.verify(None, "")


class BreachedPasswordsSuite:
    """Passwords that everybody knows."""

    @pytest.fixture
    def breached(self) -> BreachedPasswords:
        """The list under test."""
        raise NotImplementedError

    async def test_the_known_are_known_in_whatever_letters(self, breached: BreachedPasswords) -> None:
        assert await breached.knows("123456789012345")
        assert await breached.knows("passwordpassword")
        assert await breached.knows("PasswordPassword")

    async def test_others_are_not(self, breached: BreachedPasswords) -> None:
        assert not await breached.knows("a walrus plays the tuba at dawn")


class TokenSignerSuite:
    """Tokens that nobody else can make, for a while."""

    @pytest.fixture
    def clock(self) -> FakeClock:
        """What the signer goes by."""
        return FakeClock()

    @pytest.fixture
    def signer(self, clock: FakeClock) -> TokenSigner:
        """The signer under test."""
        raise NotImplementedError

    @pytest.fixture
    def stranger(self, clock: FakeClock) -> TokenSigner:
        """One with another key."""
        raise NotImplementedError

    def claims(self, clock: FakeClock, seconds: int = 60) -> dict[str, str | int]:
        """What an access token says."""
        now = int(clock.now().timestamp())
        return {"sub": "user", "sid": "session", "jti": "token", "iat": now, "exp": now + seconds}

    def test_what_was_signed_is_read(self, signer: TokenSigner, clock: FakeClock) -> None:
        claims = self.claims(clock)
        assert claims.items() <= dict(signer.read(signer.sign(claims))).items()

    def test_it_is_good_until_it_expires(self, signer: TokenSigner, clock: FakeClock) -> None:
        token = signer.sign(self.claims(clock, seconds=60))
        clock.advance(59)
        signer.read(token)
        clock.advance(1)
        with pytest.raises(BadToken):
            signer.read(token)

    def test_others_cannot_sign(self, signer: TokenSigner, stranger: TokenSigner, clock: FakeClock) -> None:
        with pytest.raises(BadToken):
            signer.read(stranger.sign(self.claims(clock)))

    def test_what_was_changed_is_refused(self, signer: TokenSigner, clock: FakeClock) -> None:
        token = signer.sign(self.claims(clock))
        head, body, tail = token.split(".")
        for changed in (
            "",
            "a.b.c",
            token[:-2],
            f"{head}.{body}.",
            f"{head}..{tail}",
            f"{body}.{body}.{tail}",
            "ü.é.ß",
        ):
            with pytest.raises(BadToken):
                signer.read(changed)


class MintSuite:
    """Secrets that cannot be guessed, and those made of others."""

    @pytest.fixture
    def mint(self) -> Mint:
        """The mint under test."""
        raise NotImplementedError

    @pytest.fixture
    def stranger(self) -> Mint:
        """One with another key."""
        raise NotImplementedError

    def test_tokens(self, mint: Mint) -> None:
        tokens = {mint.token() for _ in range(100)}
        assert len(tokens) == 100
        assert {len(token) for token in tokens} == {43}
        assert all(token.replace("-", "").replace("_", "").isalnum() for token in tokens)

    def test_digits(self, mint: Mint) -> None:
        found = [mint.digits() for _ in range(200)]
        assert all(len(each) == 6 and each.isascii() and each.isdigit() for each in found)
        assert len(set(found)) > 190

    def test_what_is_derived_is_the_same_every_time(self, mint: Mint, stranger: Mint) -> None:
        child = mint.derive("child", "parent")
        assert len(child) == 43
        assert mint.derive("child", "parent") == child
        others = [mint.derive("child", "parenT"), mint.derive("other", "parent"), stranger.derive("child", "parent")]
        assert child not in others
        assert mint.all()[0].derive("child", "parent") == child
