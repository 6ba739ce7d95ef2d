"""What every adapter promises about sessions and the tokens that renew them."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from contracts.ports.paging import hold_pages, refuse_nonsense
from contracts.ports.people import LATER, PeopleSubject, PeopleSuite, person, session
from core.identity.api import EndReason, SessionKind
from core.identity.domain.session import RefreshToken
from core.identity.sessions import Impersonations, RefreshTokens, SessionReader, Sessions
from tests.support.events import T0

ANN, BOB = person(1), person(2)
COOKIE = session(
    9,
    ANN,
    kind=SessionKind.COOKIE,
    token_hash=b"1" * 32,
    old_token_hash=b"0" * 32,
    rotated_at=T0,
    impersonator_id=BOB.id,
    ended_at=LATER,
    end_reason=EndReason.ADMIN,
)


class SessionsSuite(PeopleSuite):
    """Sessions begun, changed, ended and listed."""

    async def test_all_of_it_is_kept(self, people: PeopleSubject) -> None:
        await people.add(ANN, BOB)
        await people.begin(COOKIE, session(1, BOB))
        reader: SessionReader = people.sessions
        assert await reader.session(COOKIE.id) == (COOKIE, ANN)
        assert await reader.session(session(1, BOB).id) == (session(1, BOB), BOB)
        assert await reader.session(UUID(int=5)) is None

    async def test_it_is_held_and_changed(self, people: PeopleSubject) -> None:
        await people.add(ANN)
        await people.begin(session(1, ANN))
        changed = replace(session(1, ANN), used_at=LATER, proven_at=None, token_hash=b"2" * 32)
        async with people.open_work() as work:
            sessions: Sessions = work.sessions
            assert await sessions.lock(UUID(int=5)) is None
            assert await sessions.lock(changed.id) == session(1, ANN)
            await sessions.save(changed)
        assert await people.sessions.session(changed.id) == (changed, ANN)

    async def test_all_but_one_end_at_once(self, people: PeopleSubject) -> None:
        await people.add(ANN, BOB)
        await people.begin(COOKIE, *(session(n, ANN) for n in (1, 2, 3)), session(4, BOB))
        async with people.open_work() as work:
            kept = session(2, ANN).id
            assert sorted(await work.sessions.live(ANN.id)) == [session(n, ANN).id for n in (1, 2, 3)]
            ended = await work.sessions.end(ANN.id, EndReason.PASSWORD_CHANGED, LATER, but=kept)
            assert sorted(ended) == [session(1, ANN).id, session(3, ANN).id]
        over = {"ended_at": LATER, "end_reason": EndReason.PASSWORD_CHANGED}
        expected = [COOKIE, session(3, ANN, **over), session(2, ANN), session(1, ANN, **over)]
        assert (await people.sessions.sessions(ANN.id, 10, None)).items == expected
        assert (await people.sessions.sessions(BOB.id, 10, None)).items == [session(4, BOB)]
        async with people.open_work() as work:
            assert await work.sessions.live(ANN.id) == [session(2, ANN).id]
            assert await work.sessions.end(ANN.id, EndReason.ADMIN, LATER) == [session(2, ANN).id]

    async def test_they_are_listed_newest_first(self, people: PeopleSubject) -> None:
        await people.add(ANN, BOB)
        await people.begin(*(session(n, ANN) for n in range(1, 6)), session(6, BOB))
        expected = [session(n, ANN) for n in range(5, 0, -1)]
        await hold_pages(lambda limit, cursor: people.sessions.sessions(ANN.id, limit, cursor), expected)
        await refuse_nonsense(lambda limit, cursor: people.sessions.sessions(ANN.id, limit, cursor))

    async def test_those_in_use_are_touched_at_once(self, people: PeopleSubject) -> None:
        await people.add(ANN)
        await people.begin(session(1, ANN), session(2, ANN), COOKIE)
        minute = timedelta(minutes=1)
        seen = {session(1, ANN).id: LATER, session(2, ANN).id: T0 + minute / 2, session(7, ANN).id: LATER}
        await people.sessions.touch({**seen, COOKIE.id: LATER}, minute)
        await people.sessions.touch({session(1, ANN).id: T0 + minute}, minute)
        assert await people.sessions.session(session(1, ANN).id) == (session(1, ANN, used_at=LATER), ANN)
        assert await people.sessions.session(session(2, ANN).id) == (session(2, ANN), ANN)
        assert await people.sessions.session(COOKIE.id) == (COOKIE, ANN)
        await people.sessions.touch({}, minute)


def token(n: int, of: int = 1, **changes: Any) -> RefreshToken:
    """Token ``n`` of a session of Ann's."""
    return RefreshToken(hash=bytes([n]) * 32, session_id=session(of, ANN).id, created_at=T0, **changes)


class ImpersonationsSuite(PeopleSuite):
    """Sessions in which somebody acts as another."""

    async def test_they_end(self, people: PeopleSubject) -> None:
        one, two = person(1), person(2)
        await people.add(one, two)
        as_one = {"kind": SessionKind.IMPERSONATION, "impersonator_id": two.id}
        await people.begin(session(1, one), session(2, one, **as_one), session(3, two))
        async with people.open_work() as work:
            impersonations: Impersonations = work.impersonations
            assert await impersonations.end_by(two.id, LATER) == [session(2, one).id]
            assert await impersonations.end_by(two.id, LATER) == []
            assert await impersonations.end_by(one.id, LATER) == []
            ended = await work.sessions.lock(session(2, one).id)
        assert ended is not None
        assert (ended.ended_at, ended.end_reason) == (LATER, EndReason.ADMIN)


class RefreshTokensSuite(PeopleSuite):
    """Tokens that are exchanged once."""

    async def begun(self, people: PeopleSubject) -> None:
        """Two sessions with a token each."""
        await people.add(ANN)
        await people.begin(session(1, ANN), session(2, ANN))
        async with people.open_work() as work:
            await work.refresh_tokens.add(token(1))
            await work.refresh_tokens.add(token(2, of=2))

    async def test_it_is_exchanged_once(self, people: PeopleSubject) -> None:
        await self.begun(people)
        async with people.open_work() as work:
            tokens: RefreshTokens = work.refresh_tokens
            assert await tokens.get(token(1).hash) == token(1)
            assert await tokens.use(token(1).hash, LATER)
            assert not await tokens.use(token(1).hash, LATER + timedelta(seconds=1))
            assert not await tokens.use(b"unknown", LATER)
            assert await tokens.get(b"unknown") is None
        async with people.open_work() as work:
            assert await work.refresh_tokens.get(token(1).hash) == replace(token(1), used_at=LATER)
            assert await work.refresh_tokens.get(token(2).hash) == token(2, of=2)

    async def test_one_that_is_there_stays_as_it_is(self, people: PeopleSubject) -> None:
        await self.begun(people)
        async with people.open_work() as work:
            await work.refresh_tokens.add(token(1, of=2, parent_hash=b"other"))
            assert await work.refresh_tokens.get(token(1).hash) == token(1)

    async def test_of_many_at_once_one_exchanges_it(self, people: PeopleSubject) -> None:
        await self.begun(people)

        async def use() -> bool:
            async with people.open_work() as work:
                return await work.refresh_tokens.use(token(1).hash, LATER)

        assert sum(await asyncio.gather(*(use() for _ in range(8)))) == 1

    async def test_those_of_a_session_are_forgotten(self, people: PeopleSubject) -> None:
        await self.begun(people)
        async with people.open_work() as work:
            await work.refresh_tokens.drop(session(1, ANN).id)
            assert await work.refresh_tokens.get(token(1).hash) is None
            assert await work.refresh_tokens.get(token(2).hash) == token(2, of=2)
