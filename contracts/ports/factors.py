"""What every adapter promises about second factors."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from contracts.ports.proofs_subject import NOON, ProofsSubject, ProofsSuite, fresh_id
from core.identity.factors import CodeGenerator, FactorReader, Factors, SecondFactorView, Totp
from core.kernel.seal import BrokenSeal, Seal

DIGESTS = [bytes([n]) * 32 for n in range(10)]


def totp(account: UUID) -> Totp:
    """A generator that is not confirmed."""
    return Totp(account_id=account, sealed="sealed", created_at=NOON)


async def put(subject: ProofsSubject, wanted: Totp, *digests: bytes) -> None:
    """Keep a generator and recovery codes in a unit of work of their own."""
    async with subject.open_work() as work:
        factors: Factors = work.factors
        await factors.put(wanted)
        await factors.set_recovery(wanted.account_id, digests)


class FactorsSuite(ProofsSuite):
    """Generators and recovery codes kept and used up."""

    @pytest.fixture
    def reader(self, subject: ProofsSubject) -> FactorReader:
        """What reads second factors."""
        return subject.factors

    async def test_nothing(self, subject: ProofsSubject, reader: FactorReader) -> None:
        nobody = fresh_id()
        assert await reader.second_factor(nobody) == SecondFactorView(False, None, 0)
        async with subject.open_work() as work:
            assert await work.factors.lock(nobody) is None
            assert not await work.factors.use_recovery(nobody, DIGESTS[0])
            await work.factors.remove(nobody)

    async def test_one_is_in_force_when_it_is_confirmed(self, subject: ProofsSubject, reader: FactorReader) -> None:
        wanted = totp(await subject.person())
        await put(subject, wanted)
        assert await reader.second_factor(wanted.account_id) == SecondFactorView(False, None, 0)
        confirmed = replace(wanted, confirmed_at=NOON, last_step=59_000_000)
        await put(subject, confirmed, *DIGESTS)
        assert await reader.second_factor(wanted.account_id) == SecondFactorView(True, NOON, 10)
        async with subject.open_work() as work:
            assert await work.factors.lock(wanted.account_id) == confirmed

    async def test_it_goes_with_its_codes(self, subject: ProofsSubject, reader: FactorReader) -> None:
        gone, stays = totp(await subject.person()), replace(totp(await subject.person()), confirmed_at=NOON)
        await put(subject, gone, *DIGESTS)
        await put(subject, stays, *DIGESTS)
        async with subject.open_work() as work:
            await work.factors.remove(gone.account_id)
            assert await work.factors.lock(gone.account_id) is None
        assert await reader.second_factor(gone.account_id) == SecondFactorView(False, None, 0)
        assert await reader.second_factor(stays.account_id) == SecondFactorView(True, NOON, 10)

    async def test_a_recovery_code_is_used_once(self, subject: ProofsSubject, reader: FactorReader) -> None:
        one, other = totp(await subject.person()), totp(await subject.person())
        await put(subject, one, *DIGESTS)
        await put(subject, other, *DIGESTS[:1])

        async def use(account: UUID, digest: bytes) -> bool:
            async with subject.open_work() as work:
                return await work.factors.use_recovery(account, digest)

        assert sorted(await asyncio.gather(*(use(one.account_id, DIGESTS[0]) for _ in range(6)))) == [False] * 5 + [
            True
        ]
        assert await use(other.account_id, DIGESTS[0])
        assert not await use(other.account_id, DIGESTS[1])
        assert (await reader.second_factor(one.account_id)).recovery_codes_left == 9

    async def test_new_recovery_codes_void_the_older(self, subject: ProofsSubject, reader: FactorReader) -> None:
        wanted = totp(await subject.person())
        await put(subject, wanted, *DIGESTS[:5])
        await put(subject, wanted, *DIGESTS[5:])
        async with subject.open_work() as work:
            assert not await work.factors.use_recovery(wanted.account_id, DIGESTS[0])
            assert await work.factors.use_recovery(wanted.account_id, DIGESTS[5])
        assert (await reader.second_factor(wanted.account_id)).recovery_codes_left == 4

    async def test_of_many_with_one_step_at_once_one_uses_it(self, subject: ProofsSubject) -> None:
        wanted = totp(await subject.person())
        await put(subject, wanted)

        async def use(step: int) -> bool:
            async with subject.open_work() as work:
                kept = await work.factors.lock(wanted.account_id)
                assert kept is not None
                if kept.last_step >= step:
                    return False
                await work.factors.put(replace(kept, last_step=step))
                return True

        assert sorted(await asyncio.gather(*(use(7) for _ in range(6)))) == [False] * 5 + [True]


class CodeGeneratorSuite:
    """Codes of RFC 6238 with SHA-1, of which each belongs to one step of 30 seconds."""

    SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    """The secret of the vectors of RFC 6238, appendix B."""

    @pytest.fixture
    def seal(self) -> Seal:
        """The seal under which the generator keeps secrets."""
        raise NotImplementedError

    @pytest.fixture
    def sealed(self, seal: Seal) -> str:
        """The secret of the vectors."""
        return seal.seal(self.SECRET)

    @pytest.fixture
    def generator(self) -> CodeGenerator:
        """The generator under test."""
        raise NotImplementedError

    @pytest.mark.parametrize(
        "seconds, code",
        [
            (59, "287082"),
            (1111111109, "081804"),
            (1111111111, "050471"),
            (1234567890, "005924"),
            (2000000000, "279037"),
            (20000000000, "353130"),
        ],
    )
    def test_vectors(self, generator: CodeGenerator, sealed: str, seconds: int, code: str) -> None:
        at = datetime.fromtimestamp(seconds, UTC)
        assert generator.step(sealed, code, at) == seconds // 30

    @pytest.mark.parametrize("late, passes", [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
    def test_a_code_passes_one_step_early_or_late(
        self, generator: CodeGenerator, sealed: str, late: int, passes: bool
    ) -> None:
        at = datetime.fromtimestamp(1234567890, UTC) + timedelta(seconds=late)
        assert generator.step(sealed, "005924", at) == (1234567890 // 30 if passes else None)

    @pytest.mark.parametrize("code", ["", "00592", "0059240", "005 924", "٠٠٥٩٢٤", "\ud800", "a" * 10_000])
    def test_nothing_else_passes(self, generator: CodeGenerator, sealed: str, code: str) -> None:
        assert generator.step(sealed, code, datetime.fromtimestamp(1234567890, UTC)) is None

    def test_every_secret_is_another(self, generator: CodeGenerator, seal: Seal) -> None:
        made = {seal.open(generator.new_secret()) for _ in range(50)}
        assert len(made) == 50
        assert all(len(secret) >= 32 for secret in made)

    def test_a_secret_of_another_seal_is_not_read(self, generator: CodeGenerator) -> None:
        with pytest.raises(BrokenSeal):
            generator.step(self.SECRET, "005924", NOON)
        with pytest.raises(BrokenSeal):
            generator.sealed_anew(self.SECRET)

    def test_a_secret_is_sealed_anew(self, generator: CodeGenerator, seal: Seal, sealed: str) -> None:
        anew = generator.sealed_anew(sealed)
        assert anew != sealed
        assert seal.open(anew) == self.SECRET

    def test_apps_are_told(self, generator: CodeGenerator, sealed: str) -> None:
        found = generator.enrolment(sealed, "anna@example.org")
        assert found.secret == self.SECRET
        assert found.uri == f"otpauth://totp/Soty:anna%40example.org?secret={self.SECRET}&issuer=Soty"
        assert found.picture.startswith("data:image/svg+xml")
