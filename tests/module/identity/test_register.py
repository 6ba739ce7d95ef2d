"""Accounts made by their owners, and verified."""

import pytest

from core.identity.api import IdentityRules, Registration, SessionKind
from core.identity.domain.refusals import CodeRefused, NoTexts, RegistrationClosed, UsernameTaken, WrongCredentials
from core.identity.events import VerificationAsked
from core.identity.usecases.ask_for_letter import AskForLetter
from core.identity.usecases.queries.me import GetMe
from core.identity.usecases.verify_contact import VerifyContact
from core.kernel.actor import Actor, VerificationNeeded
from core.kernel.limits import Limited
from core.kernel.wire import WrongFields
from tests.support.crowd import ANN, OTHER, PASSWORD, STRANGER, Crowd, open_crowd, stranger

PHONE = "+49 30 901820"


async def test_a_newcomer_gets_a_letter_and_may_sign_in_at_once_but_do_little(crowd: Crowd) -> None:
    await crowd.register()
    assert (crowd.letter.name, crowd.letter.to) == ("identity.verify_email", ANN)
    assert crowd.letter.params["minutes"] == "10"
    actor = await crowd.person(await crowd.sign_in())
    assert actor.limited
    with pytest.raises(VerificationNeeded):
        actor.person()
    with pytest.raises(VerificationNeeded):
        actor.require("inventory.read")
    me = await (await crowd.get(GetMe))(actor)
    assert (me.email, me.verified, me.has_password, me.language) == (ANN, False, True, "en")


@pytest.mark.parametrize("way", ["link", "code of a stranger", "code of who is signed in"])
async def test_an_address_is_verified(crowd: Crowd, way: str) -> None:
    await crowd.register()
    before = await crowd.sign_in()
    assert (await crowd.person(before)).limited
    verify = await crowd.get(VerifyContact)
    if way == "link":
        await verify(STRANGER, token=crowd.letter.token)
    elif way == "code of a stranger":
        await verify(STRANGER, code=crowd.letter.code, login="ann@example.com")
    else:
        await verify(await crowd.person(before), code=crowd.letter.code)
    actor = await crowd.person(before)
    assert not actor.limited
    assert actor.person() == before.account_id


async def test_a_link_is_good_once(crowd: Crowd) -> None:
    await crowd.register()
    verify = await crowd.get(VerifyContact)
    await verify(STRANGER, token=crowd.letter.token)
    for shown in ({"token": crowd.letter.token}, {"code": crowd.letter.code, "login": ANN}, {}, {"code": "123456"}):
        with pytest.raises(CodeRefused):
            await verify(STRANGER, **shown)


async def test_a_code_can_be_tried_five_times(crowd: Crowd) -> None:
    await crowd.register()
    verify, right = await crowd.get(VerifyContact), crowd.letter.code
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for n in range(5):
        with pytest.raises(CodeRefused):
            await verify(stranger(f"192.0.2.{n}"), code=wrong, login=ANN)
    with pytest.raises(CodeRefused):
        await verify(stranger("192.0.2.9"), code=right, login=ANN)
    assert (await crowd.person(await crowd.sign_in())).limited


async def test_a_code_is_good_for_ten_minutes(crowd: Crowd) -> None:
    await crowd.register()
    crowd.clock.advance(600)
    with pytest.raises(CodeRefused):
        await (await crowd.get(VerifyContact))(STRANGER, code=crowd.letter.code, login=ANN)


async def test_a_new_code_voids_the_old(crowd: Crowd) -> None:
    await crowd.register()
    old = crowd.letter
    await (await crowd.get(AskForLetter))(STRANGER, VerificationAsked(login="ANN@example.com", language="ru"))
    await crowd.react()
    assert [letter.name for letter in crowd.letters] == ["identity.verify_email"] * 2
    verify = await crowd.get(VerifyContact)
    with pytest.raises(CodeRefused):
        await verify(STRANGER, token=old.token)
    await verify(STRANGER, token=crowd.letter.token)


@pytest.mark.parametrize("login", ["nobody@example.com", "ann", "@", ANN])
async def test_nothing_is_sent_to_nobody_or_to_who_is_verified(crowd: Crowd, login: str) -> None:
    await crowd.verified()
    sent = len(crowd.letters)
    await (await crowd.get(AskForLetter))(STRANGER, VerificationAsked(login=login, language="en"))
    await crowd.react()
    assert len(crowd.letters) == sent


async def test_another_code_can_be_asked_for_every_ten_seconds(crowd: Crowd) -> None:
    ask = await crowd.get(AskForLetter)
    await ask(STRANGER, VerificationAsked(login=ANN, language="en"))
    with pytest.raises(Limited):
        await ask(STRANGER, VerificationAsked(login="ann@EXAMPLE.com", language="en"))
    await ask(stranger("192.0.2.7"), VerificationAsked(login=ANN, language="en"))
    crowd.clock.advance(10)
    await ask(STRANGER, VerificationAsked(login=ANN, language="en"))


async def test_who_has_an_account_gets_another_letter_and_nothing_else_is_told(crowd: Crowd) -> None:
    await crowd.verified()
    await crowd.register("ann@example.COM", OTHER)
    assert (crowd.letter.name, crowd.letter.to) == ("identity.account_exists_email", ANN)
    with pytest.raises(WrongCredentials):
        await crowd.sign_in(password=OTHER)
    await crowd.sign_in()


async def test_by_phone(crowd: Crowd) -> None:
    await crowd.register(PHONE)
    assert (crowd.letter.name, crowd.letter.to) == ("identity.verify_phone", "tel:+4930901820")
    assert "link" not in crowd.letter.params
    with pytest.raises(WrongCredentials):
        await crowd.sign_in(PHONE)
    await (await crowd.get(VerifyContact))(STRANGER, code=crowd.letter.code, login=PHONE)
    assert not (await crowd.person(await crowd.sign_in("+4930901820", kind=SessionKind.COOKIE))).limited


async def test_by_phone_where_nothing_sends_texts() -> None:
    async with open_crowd(IdentityRules(texts=False)) as crowd:
        with pytest.raises(NoTexts):
            await crowd.register(PHONE)


async def test_by_username(crowd: Crowd) -> None:
    await crowd.register("Ann.Lee")
    assert crowd.letters == []
    with pytest.raises(UsernameTaken):
        await crowd.register("ANN.lee")
    actor = await crowd.person(await crowd.sign_in("ann.LEE"))
    assert actor.limited
    assert (await (await crowd.get(GetMe))(actor)).username == "Ann.Lee"


@pytest.mark.parametrize("registration", [Registration.INVITE, Registration.CLOSED])
async def test_not_everybody_may_register_everywhere(registration: Registration) -> None:
    async with open_crowd(IdentityRules(registration=registration)) as crowd:
        with pytest.raises(RegistrationClosed):
            await crowd.register()


@pytest.mark.parametrize(
    "login,password,field,code",
    [
        ("ann@", PASSWORD, "/login", "bad_email"),
        ("+1", PASSWORD, "/login", "bad_phone"),
        ("\u0430nn", PASSWORD, "/login", "bad_username"),
        ("Adm1n", PASSWORD, "/login", "reserved_username"),
        (ANN, "fourteen chars", "/password", "too_short"),
        (ANN, "x y " * 33, "/password", "too_long"),
        (ANN, "123456789012345", "/password", "common_password"),
        (ANN, "CORRECT horse battery", "/password", "common_password"),
        (ANN, "aaaaaaaaaaaaaaaa", "/password", "common_password"),
        (ANN, "ann@example.com.soty", "/password", "password_of_context"),
    ],
)
async def test_what_is_refused(crowd: Crowd, login: str, password: str, field: str, code: str) -> None:
    with pytest.raises(WrongFields) as refusal:
        await crowd.register(login, password)
    assert [(error["field"], error["code"]) for error in refusal.value.errors] == [(field, code)]


async def test_how_often_one_may_register(crowd: Crowd) -> None:
    async def tries(actor: Actor, names: list[str]) -> int:
        passed = 0
        for name in names:
            try:
                await crowd.register(name, actor=actor)
            except Limited:
                continue
            passed += 1
        return passed

    assert await tries(STRANGER, [f"person{n}@example.com" for n in range(25)]) == 20
    assert await tries(stranger("192.0.2.2"), [ANN] * 8) == 5
