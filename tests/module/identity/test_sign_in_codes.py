"""Sign-in by a code of a letter."""

from collections.abc import AsyncIterator

import pytest

from core.identity.api import SessionKind, SignedIn
from core.identity.domain.refusals import CodeRefused
from core.identity.usecases.sign_in_by_code import AskSignInCode, SignInByCode
from core.kernel.errors import SotyError
from core.kernel.limits import Limited
from tests.support.crowd import ANN, STRANGER, Crowd, open_crowd, stranger


@pytest.fixture(params=["memory", "postgres"])
def database(request: pytest.FixtureRequest) -> str | None:
    """The address of an empty database; None for memory."""
    return request.getfixturevalue("fresh_postgres_url") if request.param == "postgres" else None


@pytest.fixture
async def crowd(database: str | None) -> AsyncIterator[Crowd]:
    """Use cases over an empty store of either kind."""
    async with open_crowd(postgres=database) as crowd:
        yield crowd


async def ask(crowd: Crowd, login: str = ANN, address: str = "192.0.2.1") -> str:
    """Ask for a code; the token that goes with it."""
    token = (await (await crowd.get(AskSignInCode))(stranger(address), login, language="ru")).token
    await crowd.react()
    return token


async def enter(crowd: Crowd, token: str, code: str, address: str = "192.0.2.1") -> SignedIn:
    """Sign in by a code."""
    found = await (await crowd.get(SignInByCode))(stranger(address), token, code, kind=SessionKind.BEARER)
    assert isinstance(found, SignedIn)
    return found


async def test_a_code_signs_in_once(crowd: Crowd) -> None:
    await crowd.verified()
    token = await ask(crowd)
    assert (crowd.letter.name, crowd.letter.to, len(crowd.letter.code)) == ("identity.sign_in_code", ANN, 6)
    code = crowd.letter.code
    session = await enter(crowd, token, code)
    assert (await crowd.person(session)).proven_at == crowd.clock.now()
    with pytest.raises(CodeRefused):
        await enter(crowd, token, code)


async def test_a_code_is_good_only_for_whoever_asked(crowd: Crowd) -> None:
    await crowd.verified()
    mine = await ask(crowd)
    code = crowd.letter.code
    for token in ("", "x", "a" * 43):
        with pytest.raises(CodeRefused):
            await enter(crowd, token, code)
    await enter(crowd, mine, code)


async def test_a_new_code_voids_the_older(crowd: Crowd) -> None:
    await crowd.verified()
    first, old = await ask(crowd), crowd.letter.code
    second, new = await ask(crowd, address="192.0.2.2"), crowd.letter.code
    for token, code in ((first, old), (first, new), (second, old)):
        if (token, code) != (second, new) and (token, old) != (second, new):
            with pytest.raises(CodeRefused):
                await enter(crowd, token, code)
    await enter(crowd, second, new)


async def test_a_code_lives_for_ten_minutes(crowd: Crowd) -> None:
    await crowd.verified()
    token = await ask(crowd)
    crowd.clock.advance(600)
    with pytest.raises(CodeRefused):
        await enter(crowd, token, crowd.letter.code)


async def test_five_tries_from_anywhere_are_all(crowd: Crowd) -> None:
    await crowd.verified()
    token = await ask(crowd)
    for n in range(5):
        with pytest.raises(CodeRefused):
            await enter(crowd, token, "x", f"192.0.2.{n}")
    with pytest.raises(CodeRefused):
        await enter(crowd, token, crowd.letter.code, "192.0.2.9")


@pytest.mark.parametrize("login", ["nobody@example.com", "nobody.here", "+4930123456", "@", "a\0b@example.com"])
async def test_an_unknown_name_is_answered_like_a_known_one(crowd: Crowd, login: str) -> None:
    await crowd.verified()
    before = len(crowd.letters)
    token = await ask(crowd, login)
    assert len(token) == len(await ask(crowd))
    assert len(crowd.letters) == before + 1
    for _ in range(5):
        with pytest.raises(CodeRefused):
            await enter(crowd, token, crowd.letter.code)


async def test_an_address_that_is_not_verified_gets_no_code(crowd: Crowd) -> None:
    await crowd.register()
    before = len(crowd.letters)
    await ask(crowd)
    assert len(crowd.letters) == before


async def test_asking_is_limited(crowd: Crowd) -> None:
    await ask(crowd)
    with pytest.raises(Limited):
        await ask(crowd, ANN.upper())
    refused = 0
    for n in range(40):
        try:
            await (await crowd.get(AskSignInCode))(STRANGER, f"n{n}@example.com", language="en")
        except SotyError:
            refused += 1
    assert refused >= 10
