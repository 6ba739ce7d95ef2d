"""Passwords changed and reset, addresses moved and moved back, and proofs shown again."""

import pytest
from msgspec.structs import replace

from adapters.memory.secrets import OLD_SALT, hashed
from core.identity.api import EndReason, SessionKind, SignedIn
from core.identity.domain.refusals import CodeRefused, EmailTaken, RefreshRefused, WrongCredentials
from core.identity.events import ResetAsked
from core.identity.ports import AccountReader, IdentityWork
from core.identity.usecases.ask_for_letter import AskForLetter
from core.identity.usecases.change_email import AskEmailChange, ConfirmEmailChange, UndoEmailChange
from core.identity.usecases.change_password import ChangePassword
from core.identity.usecases.prove_again import ProveAgain
from core.identity.usecases.queries.me import GetMe
from core.identity.usecases.refresh_session import RefreshSession
from core.identity.usecases.reset_password import ResetPassword
from core.kernel.actor import Actor, ActorKind, PersonNeeded, ProofNeeded
from core.kernel.errors import Unauthenticated
from core.kernel.limits import Limited
from core.kernel.wire import WrongFields
from core.kernel.work import OpenWork
from tests.support.crowd import ANN, OTHER, PASSWORD, STRANGER, Crowd, stranger

SERVICE = Actor(ActorKind.SERVICE, "api-key")
NEW = "ann@example.org"


async def is_live(crowd: Crowd, session: SignedIn) -> bool:
    """Whether what carries a session is taken."""
    try:
        await crowd.person(session)
    except Unauthenticated:
        return False
    return True


async def email_of(crowd: Crowd, session: SignedIn) -> str | None:
    """The address of somebody."""
    return (await (await crowd.get(GetMe))(await crowd.person(session))).email


async def test_another_password_ends_other_sessions_and_links(crowd: Crowd) -> None:
    first = await crowd.verified()
    second = await crowd.sign_in(kind=SessionKind.COOKIE)
    await (await crowd.get(AskForLetter))(STRANGER, ResetAsked(login=ANN, language="en"))
    await crowd.react()
    link = crowd.letter.token
    change = await crowd.get(ChangePassword)
    renewed = await change(await crowd.person(second), PASSWORD, OTHER)
    assert (renewed.session_id, renewed.kind) == (second.session_id, SessionKind.COOKIE)
    assert [await is_live(crowd, each) for each in (first, second, renewed)] == [False, False, True]
    refresh = await crowd.get(RefreshSession)
    with pytest.raises(RefreshRefused):
        await refresh(STRANGER, second.refresh_token, kind=SessionKind.COOKIE)
    assert await is_live(crowd, await refresh(STRANGER, renewed.refresh_token, kind=SessionKind.COOKIE))
    with pytest.raises(CodeRefused):
        await (await crowd.get(ResetPassword))(STRANGER, "three walruses play nothing", token=link)
    with pytest.raises(WrongCredentials):
        await crowd.sign_in()
    actor = await crowd.person(await crowd.sign_in(password=OTHER))
    ended = (await crowd.sessions(actor))[first.session_id].end_reason
    assert ended is EndReason.PASSWORD_CHANGED
    assert crowd.letter.name == "identity.password_changed"
    assert [each.action for each in await crowd.trail(first.account_id)] == ["identity.password.change"]


async def test_who_does_not_know_the_password_does_not_change_it(crowd: Crowd) -> None:
    actor = await crowd.person(await crowd.verified())
    change = await crowd.get(ChangePassword)
    with pytest.raises(PersonNeeded):
        await change(SERVICE, PASSWORD, OTHER)
    with pytest.raises(Unauthenticated):
        await change(STRANGER, PASSWORD, OTHER)
    with pytest.raises(ProofNeeded):
        await change(replace(actor, impersonator=actor.account), PASSWORD, OTHER)
    with pytest.raises(WrongFields):
        await change(actor, PASSWORD, "fourteen chars")
    for _ in range(4):
        with pytest.raises(WrongCredentials):
            await change(actor, OTHER, OTHER)
    with pytest.raises(Limited):
        await change(actor, PASSWORD, OTHER)


async def test_a_proof_opens_sensitive_acts_and_gives_other_tokens(crowd: Crowd) -> None:
    session = await crowd.verified()
    crowd.clock.advance(601)
    actor = await crowd.person(session)
    with pytest.raises(ProofNeeded):
        actor.require_proof(crowd.clock.now())
    prove = await crowd.get(ProveAgain)
    with pytest.raises(WrongCredentials):
        await prove(actor, OTHER)
    renewed = await prove(actor, PASSWORD)
    (await crowd.person(renewed)).require_proof(crowd.clock.now())
    with pytest.raises(RefreshRefused):
        await (await crowd.get(RefreshSession))(STRANGER, session.refresh_token, kind=SessionKind.BEARER)
    with pytest.raises(Unauthenticated):
        await prove(replace(actor, session=None), PASSWORD)


@pytest.mark.parametrize("way", ["link", "code"])
async def test_a_forgotten_password_is_set_anew(crowd: Crowd, way: str) -> None:
    sessions = [await crowd.verified(), await crowd.sign_in(kind=SessionKind.COOKIE)]
    await (await crowd.get(AskForLetter))(STRANGER, ResetAsked(login="ANN@example.com", language="ru"))
    await crowd.react()
    assert (crowd.letter.name, crowd.letter.to) == ("identity.reset_password_email", ANN)
    shown = {"token": crowd.letter.token} if way == "link" else {"code": crowd.letter.code, "login": ANN}
    reset = await crowd.get(ResetPassword)
    with pytest.raises(WrongFields):
        await reset(STRANGER, "short", **shown)
    await reset(STRANGER, OTHER, **shown)
    assert [await is_live(crowd, each) for each in sessions] == [False, False]
    await crowd.sign_in(password=OTHER)
    with pytest.raises(CodeRefused):
        await reset(STRANGER, PASSWORD, **shown)


async def test_who_resets_has_shown_that_the_address_is_his(crowd: Crowd) -> None:
    await crowd.register()
    squatter = await crowd.sign_in()
    await (await crowd.get(AskForLetter))(STRANGER, ResetAsked(login=ANN, language="en"))
    await crowd.react()
    await (await crowd.get(ResetPassword))(STRANGER, OTHER, token=crowd.letter.token)
    assert not await is_live(crowd, squatter)
    assert not (await crowd.person(await crowd.sign_in(password=OTHER))).limited


@pytest.mark.parametrize("login", ["nobody@example.com", "ann", "+4930901820", "@"])
async def test_nobody_gets_no_letter(crowd: Crowd, login: str) -> None:
    await crowd.verified()
    sent = len(crowd.letters)
    await (await crowd.get(AskForLetter))(STRANGER, ResetAsked(login=login, language="en"))
    await crowd.react()
    assert len(crowd.letters) == sent
    for shown in ({"token": "unknown"}, {"code": "123456", "login": login}, {"code": "123456"}):
        with pytest.raises(CodeRefused):
            await (await crowd.get(ResetPassword))(stranger(f"198.51.100.{len(shown)}"), OTHER, **shown)


async def test_letters_to_one_are_counted(crowd: Crowd) -> None:
    ask = await crowd.get(AskForLetter)
    for _ in range(5):
        await ask(STRANGER, ResetAsked(login=ANN, language="en"))
    with pytest.raises(Limited):
        await ask(STRANGER, ResetAsked(login=ANN, language="en"))
    await ask(stranger("198.51.100.1"), ResetAsked(login=ANN, language="en"))


async def moving(crowd: Crowd, actor: Actor, email: str = NEW) -> None:
    """Ask to move."""
    await (await crowd.get(AskEmailChange))(actor, email)


async def test_moving_to_another_address(crowd: Crowd) -> None:
    session = await crowd.verified()
    actor = await crowd.person(session)
    await moving(crowd, actor)
    assert (crowd.letter.name, crowd.letter.to) == ("identity.change_email", NEW)
    assert await email_of(crowd, session) == ANN
    await (await crowd.get(ConfirmEmailChange))(STRANGER, token=crowd.letter.token)
    assert await email_of(crowd, session) == NEW
    assert (crowd.letter.name, crowd.letter.to) == ("identity.email_changed", ANN)
    with pytest.raises(WrongCredentials):
        await crowd.sign_in()
    await crowd.sign_in(NEW)


async def test_moving_back_undoes_all_that_somebody_else_did(crowd: Crowd) -> None:
    session = await crowd.verified()
    actor = await crowd.person(session)
    undos = []
    for email in (NEW, "eve@example.net"):
        await moving(crowd, actor, email)
        await (await crowd.get(ConfirmEmailChange))(actor, code=crowd.letter.code)
        undos.append(crowd.letter.token)
        crowd.clock.advance(10)
    await (await crowd.get(UndoEmailChange))(STRANGER, undos[0])
    assert not await is_live(crowd, session)
    back = await crowd.sign_in()
    assert await email_of(crowd, back) == ANN
    assert (crowd.letter.name, crowd.letter.to, crowd.letter.params["email"]) == (
        "identity.email_undone",
        ANN,
        "eve@example.net",
    )
    for token in (undos[0], "unknown"):
        with pytest.raises(CodeRefused):
            await (await crowd.get(UndoEmailChange))(STRANGER, token)


async def test_a_way_back_is_there_for_a_week(crowd: Crowd) -> None:
    await moving(crowd, await crowd.person(await crowd.verified()))
    await (await crowd.get(ConfirmEmailChange))(STRANGER, token=crowd.letter.token)
    crowd.clock.advance(7 * 24 * 3600)
    with pytest.raises(CodeRefused):
        await (await crowd.get(UndoEmailChange))(STRANGER, crowd.letter.token)


async def test_an_address_of_another_is_not_told(crowd: Crowd) -> None:
    await crowd.verified("bob@example.com")
    session = await crowd.verified()
    await moving(crowd, await crowd.person(session), "Bob@example.com")
    assert (crowd.letter.name, crowd.letter.to) == ("identity.change_email_taken", "Bob@example.com")
    assert "link" not in crowd.letter.params
    with pytest.raises(CodeRefused):
        await (await crowd.get(ConfirmEmailChange))(await crowd.person(session), code="123456")


async def test_an_address_that_was_taken_in_between(crowd: Crowd) -> None:
    session = await crowd.verified()
    await moving(crowd, await crowd.person(session))
    token = crowd.letter.token
    await crowd.register(NEW)
    with pytest.raises(EmailTaken):
        await (await crowd.get(ConfirmEmailChange))(STRANGER, token=token)
    assert await email_of(crowd, session) == ANN


async def test_a_username_alone_can_get_an_address(crowd: Crowd) -> None:
    await crowd.register("ann")
    session = await crowd.sign_in("ann")
    await moving(crowd, await crowd.person(session))
    sent = len(crowd.letters)
    await (await crowd.get(ConfirmEmailChange))(await crowd.person(session), code=crowd.letter.code)
    assert not (await crowd.person(session)).limited
    assert len(crowd.letters) == sent


async def test_moving_needs_a_proof_and_an_address(crowd: Crowd) -> None:
    session = await crowd.verified()
    actor = await crowd.person(session)
    with pytest.raises(WrongFields):
        await moving(crowd, actor, "nonsense")
    await moving(crowd, actor)
    with pytest.raises(Limited):
        await moving(crowd, actor)
    crowd.clock.advance(601)
    with pytest.raises(ProofNeeded):
        await moving(crowd, actor)


async def test_a_password_is_hashed_anew_when_it_should_be(crowd: Crowd) -> None:
    session = await crowd.verified()
    reader: AccountReader = await crowd.get(AccountReader)
    open_work: OpenWork[IdentityWork] = await crowd.get(OpenWork[IdentityWork])

    async def kept() -> str | None:
        found = await reader.account(session.account_id)
        return None if found is None else found.password_hash

    fresh = await kept()
    await crowd.sign_in()
    assert await kept() == fresh
    old = hashed(OLD_SALT, PASSWORD)
    async with open_work() as work:
        account = await work.accounts.lock(session.account_id)
        assert account is not None
        await work.accounts.save(replace(account, password_hash=old))
    await crowd.sign_in()
    assert await kept() not in (old, fresh)
    await crowd.sign_in()
