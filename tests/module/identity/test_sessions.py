"""Sessions: begun, renewed, ended, and stolen."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from core.identity.api import EndReason, SessionKind, SignedIn
from core.identity.domain.errors import SessionNotFound
from core.identity.domain.refusals import RefreshRefused, WrongCredentials
from core.identity.ports import IdentityWork
from core.identity.rights import OWNER, RoleChange
from core.identity.usecases.end_sessions import RevokeSessions, SignOut
from core.identity.usecases.identify_person import IdentifyPerson
from core.identity.usecases.refresh_session import RefreshSession
from core.identity.usecases.write_last_seen import WriteLastSeen
from core.kernel.actor import ANONYMOUS
from core.kernel.auth import Credential, Scheme
from core.kernel.errors import Unauthenticated
from core.kernel.limits import Limited
from core.kernel.work import OpenWork
from tests.support.crowd import ANN, OTHER, SOTY, STRANGER, Crowd, stranger

DAY = 24 * 3600
KINDS = [SessionKind.BEARER, SessionKind.COOKIE]


async def refresh(crowd: Crowd, session: SignedIn) -> SignedIn:
    """Exchange the refresh token of a session."""
    return await (await crowd.get(RefreshSession))(STRANGER, session.refresh_token, kind=session.kind)


async def is_live(crowd: Crowd, session: SignedIn) -> bool:
    """Whether what carries a session is taken."""
    try:
        await crowd.person(session)
    except Unauthenticated:
        return False
    return True


@pytest.mark.parametrize("kind", KINDS)
async def test_a_session_is_carried(crowd: Crowd, kind: SessionKind) -> None:
    await crowd.verified()
    session = await crowd.sign_in(kind=kind)
    actor = await crowd.person(session)
    assert (actor.name, actor.account, actor.session) == (
        f"user:{session.account_id}",
        session.account_id,
        session.session_id,
    )
    assert actor.proven_at == crowd.clock.now()
    assert actor.origin == STRANGER.origin
    view = (await crowd.sessions(actor))[session.session_id]
    assert (view.kind, view.current, view.address, view.agent) == (kind, True, "192.0.2.1", "tests")


async def test_what_carries_another_kind_is_refused(crowd: Crowd) -> None:
    await crowd.verified()
    bearer, cookie = await crowd.sign_in(), await crowd.sign_in(kind=SessionKind.COOKIE)
    identify = await crowd.get(IdentifyPerson)
    for credential in (
        Credential(Scheme.BEARER, cookie.access_token),
        Credential(Scheme.COOKIE, bearer.cookie),
        Credential(Scheme.BEARER, bearer.refresh_token),
        Credential(Scheme.BEARER, cookie.cookie),
        Credential(Scheme.COOKIE, f"{UUID(int=1).hex}.{cookie.cookie.partition('.')[2]}"),
        Credential(Scheme.COOKIE, f"{cookie.session_id.hex}."),
        Credential(Scheme.COOKIE, "nonsense"),
    ):
        with pytest.raises(Unauthenticated):
            await identify(STRANGER, credential)
    refresh_session = await crowd.get(RefreshSession)
    for token, kind in ((bearer.refresh_token, SessionKind.COOKIE), (cookie.refresh_token, SessionKind.BEARER)):
        with pytest.raises(RefreshRefused):
            await refresh_session(STRANGER, token, kind=kind)


async def test_an_access_token_is_good_for_fifteen_minutes(crowd: Crowd) -> None:
    session = await crowd.verified()
    assert session.expires_in == 900
    crowd.clock.advance(899)
    assert await is_live(crowd, session)
    crowd.clock.advance(1)
    assert not await is_live(crowd, session)
    assert await is_live(crowd, await refresh(crowd, session))


async def test_who_is_wrong_is_refused_alike(crowd: Crowd) -> None:
    await crowd.verified()
    for login in (ANN, "nobody@example.com", "nobody", "+4930901820", "", "x" * 300):
        with pytest.raises(WrongCredentials) as refusal:
            await crowd.sign_in(login, OTHER)
        assert refusal.value.params == {}


async def test_tries_are_counted_by_name_and_place(crowd: Crowd) -> None:
    await crowd.verified()
    crowd.clock.advance(3600)
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await crowd.sign_in("ANN@example.com", OTHER)
    with pytest.raises(Limited):
        await crowd.sign_in()
    await crowd.sign_in(actor=stranger("198.51.100.7"))
    crowd.clock.advance(60)
    await crowd.sign_in()


async def test_many_names_from_one_place_are_counted_together(crowd: Crowd) -> None:
    for n in range(10):
        with pytest.raises(WrongCredentials):
            await crowd.sign_in(f"person{n}", actor=stranger(f"2001:db8::{n:x}"))
    with pytest.raises(Limited):
        await crowd.sign_in("person31", actor=stranger("2001:db8::ffff"))
    with pytest.raises(WrongCredentials):
        await crowd.sign_in("person31", actor=stranger("2001:db8:0:1::1"))


async def test_who_is_right_has_more_tries(crowd: Crowd) -> None:
    await crowd.verified()
    for _ in range(20):
        await crowd.sign_in()
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await crowd.sign_in(password=OTHER)
    with pytest.raises(Limited):
        await crowd.sign_in()


async def test_no_more_than_thirty_sign_ins_a_minute_come_from_one_place(crowd: Crowd) -> None:
    await crowd.verified()
    for _ in range(29):
        await crowd.sign_in()
    with pytest.raises(Limited):
        await crowd.sign_in()


async def test_sessions_of_the_staff_are_short(crowd: Crowd) -> None:
    await crowd.verified()
    account_id = (await crowd.sign_in()).account_id
    open_work: OpenWork[IdentityWork] = await crowd.get(OpenWork[IdentityWork])
    async with open_work() as work:
        now = crowd.clock.now()
        await work.holders.give([RoleChange(UUID(int=1), account_id, OWNER, "owner", given=True, by="tests", at=now)])
    session = await crowd.sign_in(kind=SessionKind.COOKIE)
    assert session.expires_at == crowd.clock.now() + timedelta(hours=12)


@pytest.mark.parametrize("kind", KINDS)
async def test_tokens_go_round(crowd: Crowd, kind: SessionKind) -> None:
    await crowd.verified()
    session = await crowd.sign_in(kind=kind)
    seen = {session.refresh_token}
    for _ in range(4):
        crowd.clock.advance(11)
        session = await refresh(crowd, session)
        assert await is_live(crowd, session)
        seen.add(session.refresh_token)
    assert len(seen) == 5


@pytest.mark.parametrize("kind", KINDS)
async def test_who_loses_a_race_gets_the_same_child(crowd: Crowd, kind: SessionKind) -> None:
    await crowd.verified()
    session = await crowd.sign_in(kind=kind)
    children = await asyncio.gather(*(refresh(crowd, session) for _ in range(20)))
    assert len({child.refresh_token for child in children}) == len({child.cookie for child in children}) == 1
    crowd.clock.advance(10)
    assert (await refresh(crowd, session)).refresh_token == children[0].refresh_token
    assert await is_live(crowd, children[0])


@pytest.mark.parametrize("kind", KINDS)
async def test_a_token_that_is_used_later_ends_the_session(crowd: Crowd, kind: SessionKind) -> None:
    first = await crowd.verified()
    session = await crowd.sign_in(kind=kind)
    child = await refresh(crowd, session)
    crowd.clock.advance(10.001)
    assert await is_live(crowd, child)
    for stale in (session, child):
        with pytest.raises(RefreshRefused):
            await refresh(crowd, stale)
    assert not await is_live(crowd, child)
    assert crowd.letter.name == "identity.token_reused"
    found = await crowd.sessions(await crowd.person(first))
    assert found[session.session_id].end_reason is EndReason.REUSE_DETECTED
    assert found[first.session_id].end_reason is None


async def test_the_cookie_before_is_good_as_long_as_a_race_may_last(crowd: Crowd) -> None:
    await crowd.verified()
    old = await crowd.sign_in(kind=SessionKind.COOKIE)
    new = await refresh(crowd, old)
    crowd.clock.advance(10)
    assert await is_live(crowd, old)
    crowd.clock.advance(0.001)
    assert not await is_live(crowd, old)
    assert await is_live(crowd, new)


async def test_a_session_that_is_not_used_ends(crowd: Crowd) -> None:
    await crowd.verified()
    session = await crowd.sign_in(kind=SessionKind.COOKIE)
    for _ in range(4):
        crowd.clock.advance(6 * DAY)
        assert await is_live(crowd, session)
        await (await crowd.get(WriteLastSeen))(SOTY)
    crowd.clock.advance(7 * DAY)
    assert not await is_live(crowd, session)
    with pytest.raises(RefreshRefused):
        await refresh(crowd, session)


async def test_no_session_is_longer_than_thirty_days(crowd: Crowd) -> None:
    await crowd.verified()
    session = await crowd.sign_in(kind=SessionKind.COOKIE)
    for _ in range(29):
        crowd.clock.advance(DAY)
        session = await refresh(crowd, session)
    crowd.clock.advance(DAY)
    assert not await is_live(crowd, session)
    with pytest.raises(RefreshRefused):
        await refresh(crowd, session)
    actor = await crowd.person(await crowd.sign_in())
    assert (await crowd.sessions(actor))[session.session_id].end_reason is EndReason.EXPIRED_ABSOLUTE


async def test_signing_out(crowd: Crowd) -> None:
    await crowd.verified()
    session, other = await crowd.sign_in(), await crowd.sign_in(kind=SessionKind.COOKIE)
    out = await crowd.get(SignOut)
    actor = await crowd.person(session)
    await out(actor)
    await out(actor)
    assert not await is_live(crowd, session)
    assert await is_live(crowd, other)
    with pytest.raises(Unauthenticated):
        await out(ANONYMOUS)
    assert {each.end_reason for each in (await crowd.sessions(actor)).values()} == {None, EndReason.LOGOUT}


async def test_ending_sessions(crowd: Crowd) -> None:
    first = await crowd.verified()
    second, third = await crowd.sign_in(), await crowd.sign_in(kind=SessionKind.COOKIE)
    bob = await crowd.verified("bob@example.com")
    revoke, actor = await crowd.get(RevokeSessions), await crowd.person(second)
    await revoke(actor, first.session_id)
    for unknown in (first.session_id, bob.session_id, UUID(int=1)):
        with pytest.raises(SessionNotFound):
            await revoke(actor, unknown)
    assert [await is_live(crowd, each) for each in (first, second, third, bob)] == [False, True, True, True]
    assert await revoke.others(actor) == 1
    assert [await is_live(crowd, each) for each in (second, third, bob)] == [True, False, True]
    actions = [each.action for each in await crowd.trail(actor.account)]
    assert actions == ["identity.session.revoke", "identity.session.revoke_others"]
    assert {view.end_reason for view in (await crowd.sessions(actor)).values()} == {None, EndReason.REVOKED}
