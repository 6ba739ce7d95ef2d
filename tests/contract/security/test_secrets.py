"""The security adapter keeps the promises of what identity needs from cryptography."""

import asyncio

import pytest

from adapters.memory.clock import FakeClock
from adapters.security.breached import LIST, SIZE, BreachedList, kept, packed
from adapters.security.hasher import QUEUE, Argon2Hasher
from adapters.security.mint import SystemMint
from adapters.security.tokens import JwtSigner
from contracts.ports.secrets import BreachedPasswordsSuite, MintSuite, PasswordHasherSuite, TokenSignerSuite
from core.identity.secrets import BadToken, BreachedPasswords, Mint, PasswordHasher, TokenSigner
from core.kernel.errors import Unavailable

OLD, NEW = b"o" * 32, b"n" * 32
CHEAP, CORES = 64, 2


class TestArgon2Hasher(PasswordHasherSuite):
    """Argon2id, cheap."""

    @pytest.fixture
    def hasher(self) -> PasswordHasher:
        return Argon2Hasher(CHEAP, 1, cores=CORES)

    async def test_it_is_argon2id(self, hasher: PasswordHasher) -> None:
        assert (await hasher.hash("a password of ours")).startswith("$argon2id$v=19$m=64,t=1,p=1$")

    @pytest.mark.parametrize("memory, passes", [(CHEAP * 2, 1), (CHEAP, 2)])
    async def test_other_parameters_are_outdated_and_still_good(
        self, hasher: PasswordHasher, memory: int, passes: int
    ) -> None:
        kept = await Argon2Hasher(memory, passes).hash("a password of ours")
        assert hasher.is_outdated(kept)
        assert await hasher.verify(kept, "a password of ours")

    async def test_a_flood_is_refused_and_not_queued_for_ever(self, hasher: PasswordHasher) -> None:
        most = CORES * (1 + QUEUE)
        found = await asyncio.gather(*(hasher.verify(None, "x") for _ in range(most + 10)), return_exceptions=True)
        assert [type(each) for each in found] == [bool] * most + [Unavailable] * 10
        assert not await hasher.verify(None, "x")


class TestBreachedList(BreachedPasswordsSuite):
    """The list in the package."""

    @pytest.fixture
    def breached(self) -> BreachedPasswords:
        return BreachedList(kept())

    @pytest.mark.parametrize("password", ["password1", "qwertyuiop", "1qaz2wsx", "iloveyou1", "IloveYou1", "trustno1"])
    async def test_the_most_frequent_are_known(self, breached: BreachedPasswords, password: str) -> None:
        assert await breached.knows(password)

    async def test_the_first_and_the_last_are_found(self) -> None:
        words = [f"word {number}" for number in range(50)]
        breached = BreachedList(packed(words))
        assert [word for word in words if not await breached.knows(word)] == []
        assert not await BreachedList(b"").knows("word 1")

    def test_it_is_long_sorted_and_of_each_hash_one(self) -> None:
        found = LIST.read_bytes()
        hashes = [found[place : place + SIZE] for place in range(0, len(found), SIZE)]
        assert len(hashes) > 300_000
        assert hashes == sorted(set(hashes))


class TestJwtSigner(TokenSignerSuite):
    """HS256."""

    @pytest.fixture
    def signer(self, clock: FakeClock) -> TokenSigner:
        return JwtSigner([NEW], clock)

    @pytest.fixture
    def stranger(self, clock: FakeClock) -> TokenSigner:
        return JwtSigner([OLD], clock)

    def test_a_token_tells_nothing_more(self, signer: TokenSigner, clock: FakeClock) -> None:
        assert set(signer.read(signer.sign(self.claims(clock)))) == {
            *("sub", "sid", "jti", "iat", "exp"),
            *("iss", "aud", "typ"),
        }

    def test_while_the_key_changes_both_are_taken(self, clock: FakeClock) -> None:
        old, both, new = JwtSigner([OLD], clock), JwtSigner([NEW, OLD], clock), JwtSigner([NEW], clock)
        assert both.read(old.sign(self.claims(clock)))
        assert new.read(both.sign(self.claims(clock)))
        with pytest.raises(BadToken):
            new.read(old.sign(self.claims(clock)))


class TestSystemMint(MintSuite):
    """The system's randomness."""

    @pytest.fixture
    def mint(self) -> Mint:
        return SystemMint(NEW)

    @pytest.fixture
    def stranger(self) -> Mint:
        return SystemMint(OLD)

    def test_while_the_key_changes_both_make_the_same(self) -> None:
        old, new = SystemMint(OLD, NEW), SystemMint(NEW, OLD)
        made = [[each.derive("child", "parent") for each in mint.all()] for mint in (old, new)]
        assert made[0] == made[1][::-1]
        assert made[0][0] == old.derive("child", "parent") != new.derive("child", "parent")
