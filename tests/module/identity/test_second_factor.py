"""The second factor: turned on, used and turned off."""

import pyotp
import pytest

from adapters.security.codes import TotpGenerator
from adapters.security.seal import FernetSeal
from core.identity.domain.totp import SecondFactorOff, SecondFactorOn, SecondFactorWrong, recovery_digest
from core.identity.factors import SecondFactorView
from core.identity.usecases.pass_second_factor import PassSecondFactor
from core.kernel.actor import Actor, ProofNeeded
from core.kernel.limits import Limited
from tests.support.persons import Persons

OFF = SecondFactorView(False, None, 0)


@pytest.fixture
def persons() -> Persons:
    """People over an empty store."""
    return Persons()


def code(persons: Persons, secret: str) -> str:
    """What an app shows now."""
    return pyotp.TOTP(secret).at(persons.clock.now())


async def turned_on(persons: Persons, who: Actor) -> tuple[str, list[str]]:
    """The secret and the recovery codes of somebody who has a second factor from now on."""
    secret = (await persons.start(who)).secret
    return secret, (await persons.confirm(who, code(persons, secret))).codes


async def test_it_is_in_force_when_a_code_was_shown(persons: Persons) -> None:
    anna = await persons.person(email="anna@example.org")
    enrolment = await persons.start(anna)
    assert "anna%40example.org" in enrolment.uri
    assert await persons.factor(anna) == OFF
    codes = (await persons.confirm(anna, code(persons, enrolment.secret))).codes
    assert len(set(codes)) == 10
    assert await persons.factor(anna) == SecondFactorView(True, persons.clock.now(), 10)
    kept = repr((list(persons.store.committed.totps.items()), list(persons.store.committed.recovery_codes.items())))
    written = kept + repr(await persons.trail(anna))
    assert not any(secret in written for secret in (enrolment.secret, *codes))


async def test_a_wrong_code_confirms_nothing(persons: Persons) -> None:
    anna = await persons.person()
    secret = (await persons.start(anna)).secret
    with pytest.raises(SecondFactorWrong):
        await persons.confirm(anna, f"{(int(code(persons, secret)) + 1) % 1_000_000:06}")
    assert await persons.factor(anna) == OFF


async def test_tries_are_limited_by_account_and_address(persons: Persons) -> None:
    anna, boris = await persons.person(), await persons.person()
    secret = (await persons.start(anna)).secret
    for _ in range(5):
        with pytest.raises(SecondFactorWrong):
            await persons.confirm(anna, "x" * 6)
    with pytest.raises(Limited):
        await persons.confirm(anna, code(persons, secret))
    await turned_on(persons, boris)


async def test_a_generator_that_was_not_confirmed_is_replaced(persons: Persons) -> None:
    anna = await persons.person()
    first, second = (await persons.start(anna)).secret, (await persons.start(anna)).secret
    assert first != second
    with pytest.raises(SecondFactorWrong):
        await persons.confirm(anna, code(persons, first))
    await persons.confirm(anna, code(persons, second))


async def test_one_in_force_is_not_replaced(persons: Persons) -> None:
    anna = await persons.person()
    secret, _ = await turned_on(persons, anna)
    with pytest.raises(SecondFactorOn):
        await persons.start(anna)
    with pytest.raises(SecondFactorOn):
        await persons.confirm(anna, code(persons, secret))


async def test_without_a_generator_there_is_nothing_to_confirm_or_drop(persons: Persons) -> None:
    anna = await persons.person()
    with pytest.raises(SecondFactorOff):
        await persons.confirm(anna, "123456")
    with pytest.raises(SecondFactorOff):
        await persons.disable(anna)
    with pytest.raises(SecondFactorOff):
        await persons.renew(anna)
    await persons.start(anna)
    with pytest.raises(SecondFactorOff):
        await persons.renew(anna)


async def test_it_is_dropped_with_its_codes(persons: Persons) -> None:
    anna = await persons.person()
    await turned_on(persons, anna)
    await persons.disable(anna)
    assert await persons.factor(anna) == OFF
    assert [entry.action for entry in await persons.trail(anna)] == [
        "identity.second_factor.on",
        "identity.second_factor.off",
    ]


async def test_new_recovery_codes_void_the_older(persons: Persons) -> None:
    anna = await persons.person()
    _, first = await turned_on(persons, anna)
    second = (await persons.renew(anna)).codes
    assert not set(first) & set(second)
    assert anna.account is not None
    async with persons.open_work() as work:
        assert not await work.factors.use_recovery(anna.account, recovery_digest(first[0]))
        assert await work.factors.use_recovery(anna.account, recovery_digest(f" {second[0].upper()} "))
    assert (await persons.factor(anna)).recovery_codes_left == 9


async def test_every_change_needs_a_proof(persons: Persons) -> None:
    anna = await persons.person()
    persons.clock.advance(601)
    for change in (persons.start(anna), persons.confirm(anna, "123456"), persons.disable(anna), persons.renew(anna)):
        with pytest.raises(ProofNeeded):
            await change


async def test_a_secret_moves_to_the_key_of_now_when_a_code_of_it_is_shown(persons: Persons) -> None:
    anna = await persons.person()
    secret, recovery = await turned_on(persons, anna)
    assert anna.account is not None
    old, new = b"k" * 32, b"n" * 32
    for keys in ([new, old], [new]):
        persons.clock.advance(60)
        shows = PassSecondFactor(TotpGenerator(FernetSeal(keys)), persons.clock)
        async with persons.open_work() as work:
            assert await shows(anna, work, anna.account, code(persons, secret))
    persons.clock.advance(60)
    lost = PassSecondFactor(TotpGenerator(FernetSeal([old])), persons.clock)
    async with persons.open_work() as work:
        assert not await lost(anna, work, anna.account, code(persons, secret))
        assert await lost(anna, work, anna.account, recovery[0])
