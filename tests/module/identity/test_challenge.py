"""The second factor at sign-in, and as a proof."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.identity.api import Challenge, SessionKind, SignedIn
from core.identity.domain.totp import ChallengeVoid, SecondFactorWrong
from core.identity.usecases.complete_sign_in import CompleteSignIn
from core.identity.usecases.keep_second_factor import StartTotp
from core.identity.usecases.prove_again import ProveAgain
from core.identity.usecases.queries.second_factor import GetSecondFactor
from core.identity.usecases.sign_in import SignIn
from core.kernel.actor import ProofNeeded
from core.kernel.errors import SotyError
from core.kernel.limits import Limited
from tests.support.crowd import ANN, PASSWORD, STRANGER, Crowd, open_crowd, stranger
from tests.support.doors import second_factor, shown

LATER = 301


@pytest.fixture(params=["memory", "postgres"])
def database(request: pytest.FixtureRequest) -> str | None:
    """The address of an empty database; None for memory."""
    return request.getfixturevalue("fresh_postgres_url") if request.param == "postgres" else None


@pytest.fixture
async def crowd(database: str | None) -> AsyncIterator[Crowd]:
    """Use cases over an empty store of either kind."""
    async with open_crowd(postgres=database) as crowd:
        yield crowd


async def protected(crowd: Crowd) -> tuple[str, list[str]]:
    """Make an account with a second factor: its secret and the recovery codes."""
    found = await second_factor(crowd, await crowd.person(await crowd.verified()))
    crowd.clock.advance(LATER)
    return found


async def challenge(crowd: Crowd, kind: SessionKind = SessionKind.BEARER) -> str:
    """Show the password; the token of the challenge."""
    found = await (await crowd.get(SignIn))(STRANGER, ANN, PASSWORD, kind=kind)
    assert isinstance(found, Challenge)
    assert (found.expires_at - crowd.clock.now()).total_seconds() == 300
    return found.token


async def complete(crowd: Crowd, token: str, code: str, address: str = "192.0.2.1") -> SignedIn:
    """Show the second factor."""
    return await (await crowd.get(CompleteSignIn))(stranger(address), token, code)


@pytest.mark.parametrize("kind", [SessionKind.BEARER, SessionKind.COOKIE])
async def test_the_session_is_carried_as_it_was_asked_for(crowd: Crowd, kind: SessionKind) -> None:
    secret, _ = await protected(crowd)
    session = await complete(crowd, await challenge(crowd, kind), shown(crowd, secret))
    assert session.kind is kind
    assert (await crowd.person(session)).proven_at == crowd.clock.now()


async def test_a_challenge_is_completed_once(crowd: Crowd) -> None:
    secret, codes = await protected(crowd)
    token = await challenge(crowd)
    await complete(crowd, token, shown(crowd, secret))
    with pytest.raises(ChallengeVoid):
        await complete(crowd, token, codes[0])


async def test_a_code_never_passes_twice(crowd: Crowd) -> None:
    secret, _ = await protected(crowd)
    code = shown(crowd, secret)
    await complete(crowd, await challenge(crowd), code)
    with pytest.raises(SecondFactorWrong):
        await complete(crowd, await challenge(crowd), code)
    crowd.clock.advance(30)
    with pytest.raises(SecondFactorWrong):
        await complete(crowd, await challenge(crowd), code)
    await complete(crowd, await challenge(crowd), shown(crowd, secret))


async def test_of_many_with_one_code_at_once_one_comes_in(crowd: Crowd) -> None:
    secret, _ = await protected(crowd)
    token, code = await challenge(crowd), shown(crowd, secret)

    async def attempt(n: int) -> bool:
        try:
            await complete(crowd, token, code, f"192.0.2.{n}")
        except SotyError:
            return False
        return True

    assert sorted(await asyncio.gather(*map(attempt, range(6)))) == [False] * 5 + [True]


async def test_a_recovery_code_replaces_a_lost_device_once(crowd: Crowd) -> None:
    _, codes = await protected(crowd)
    session = await complete(crowd, await challenge(crowd), codes[3].upper().replace("-", " "))
    left = await (await crowd.get(GetSecondFactor))(await crowd.person(session))
    assert left.recovery_codes_left == 9
    with pytest.raises(SecondFactorWrong):
        await complete(crowd, await challenge(crowd), codes[3])


async def test_a_challenge_waits_for_five_minutes(crowd: Crowd) -> None:
    secret, _ = await protected(crowd)
    token = await challenge(crowd)
    crowd.clock.advance(300)
    with pytest.raises(ChallengeVoid):
        await complete(crowd, token, shown(crowd, secret))


async def test_five_wrong_codes_void_a_challenge_from_wherever_they_come(crowd: Crowd) -> None:
    secret, _ = await protected(crowd)
    token = await challenge(crowd)
    for n in range(5):
        with pytest.raises(SecondFactorWrong):
            await complete(crowd, token, "000000x", f"192.0.2.{n}")
    with pytest.raises(ChallengeVoid):
        await complete(crowd, token, shown(crowd, secret), "192.0.2.9")


async def test_new_challenges_are_not_new_tries_from_one_place(crowd: Crowd) -> None:
    secret, _ = await protected(crowd)
    for _ in range(5):
        with pytest.raises(SecondFactorWrong):
            await complete(crowd, await challenge(crowd), "000000x")
    crowd.clock.advance(59)
    with pytest.raises(Limited):
        await complete(crowd, await challenge(crowd), shown(crowd, secret))


@pytest.mark.parametrize("token", ["", "x", "a" * 43])
async def test_an_unknown_challenge_is_refused(crowd: Crowd, token: str) -> None:
    with pytest.raises(ChallengeVoid):
        await complete(crowd, token, "123456")


async def test_a_generator_that_is_not_confirmed_asks_nobody(crowd: Crowd) -> None:
    ann = await crowd.person(await crowd.verified())
    await (await crowd.get(StartTotp))(ann)
    await crowd.sign_in()


async def test_a_code_proves_who_somebody_is(crowd: Crowd) -> None:
    secret, codes = await protected(crowd)
    session = await complete(crowd, await challenge(crowd), shown(crowd, secret))
    prove = await crowd.get(ProveAgain)
    for code in (None, codes[0]):
        crowd.clock.advance(601)
        ann = await crowd.person(session)
        with pytest.raises(ProofNeeded):
            ann.require_proof(crowd.clock.now())
        session = await prove.by_code(ann, code or shown(crowd, secret))
        (await crowd.person(session)).require_proof(crowd.clock.now())
    ann = await crowd.person(session)
    with pytest.raises(SecondFactorWrong):
        await prove.by_code(ann, codes[0])


async def test_without_a_second_factor_a_code_proves_nothing(crowd: Crowd) -> None:
    ann = await crowd.person(await crowd.verified())
    with pytest.raises(SecondFactorWrong):
        await (await crowd.get(ProveAgain)).by_code(ann, "123456")
