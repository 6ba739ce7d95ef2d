"""What every adapter promises about the log of sign-ins."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.ports.people import PeopleSubject, PeopleSuite, person
from core.identity.api import SignInMethod, SignInOutcome
from core.identity.domain.places import Place
from core.identity.traces import Attempt, AttemptReader, Attempts
from tests.support.events import T0

ANN, BOB = person(1), person(2)


def attempt(n: int, of: UUID | None, **changes: Any) -> Attempt:
    """Try ``n`` to sign in, which was in vain unless it is told otherwise."""
    known: dict[str, Any] = {
        "at": T0 + timedelta(minutes=n),
        "method": SignInMethod.PASSWORD,
        "outcome": SignInOutcome.WRONG_PASSWORD,
        "address": f"192.0.2.{n}",
        "agent": f"agent {n}",
    }
    return Attempt(id=UUID(int=3 << 120 | n), account_id=of, **{**known, **changes})


def begun(n: int, of: UUID, **changes: Any) -> Attempt:
    """Try ``n``, which began session ``n``."""
    known: dict[str, Any] = {"outcome": SignInOutcome.SIGNED_IN, "session_id": UUID(int=2 << 120 | n), **changes}
    return attempt(n, of, **known)


class AttemptsSuite(PeopleSuite):
    """Tries to sign in are kept with their unit of work, and read newest first."""

    async def _note(self, people: PeopleSubject, *attempts: Attempt) -> None:
        async with people.open_work() as work:
            log: Attempts = work.attempts
            for each in attempts:
                await log.add(each)

    async def test_they_are_kept_whole_and_told_newest_first(self, people: PeopleSubject) -> None:
        log = [attempt(1, ANN.id), begun(2, ANN.id), attempt(4, ANN.id, method=SignInMethod.CODE)]
        await self._note(people, *log, attempt(3, BOB.id))
        reader: AttemptReader = people.attempts
        assert await reader.attempts(ANN.id, 9, None) == log[::-1]
        assert await reader.attempts(ANN.id, 1, log[2].id) == [log[1]]
        assert await reader.attempts(ANN.id, 9, log[0].id) == []
        assert await reader.attempts(person(3).id, 9, None) == []

    async def test_nobody_needs_to_have_the_account(self, people: PeopleSubject) -> None:
        await self._note(people, attempt(1, None), attempt(2, UUID(int=9)))
        assert await people.attempts.attempts(UUID(int=9), 9, None) == [attempt(2, UUID(int=9))]

    async def test_what_fails_is_not_kept(self, people: PeopleSubject) -> None:
        async def fail() -> None:
            async with people.open_work() as work:
                await work.attempts.add(attempt(1, ANN.id))
                raise LookupError

        with pytest.raises(LookupError):
            await fail()
        assert await people.attempts.attempts(ANN.id, 9, None) == []

    async def test_places_are_those_from_where_the_owner_came_in(self, people: PeopleSubject) -> None:
        other = begun(3, ANN.id, method=SignInMethod.IMPERSONATION)
        asked = attempt(4, ANN.id, outcome=SignInOutcome.SECOND_FACTOR_ASKED)
        await self._note(people, begun(1, ANN.id), begun(2, BOB.id), other, asked, begun(5, ANN.id))
        async with people.open_work() as work:
            expected = [Place("agent 5", "192.0.2.5"), Place("agent 1", "192.0.2.1")]
            assert await work.attempts.places(ANN.id) == expected
            assert await work.attempts.places(person(3).id) == []

    async def test_the_last_is_the_newest_that_began_a_session(self, people: PeopleSubject) -> None:
        other = begun(4, ANN.id, method=SignInMethod.IMPERSONATION)
        await self._note(people, begun(1, ANN.id), begun(2, ANN.id), attempt(3, ANN.id), other)
        assert await people.attempts.last(ANN.id) == begun(2, ANN.id)
        assert await people.attempts.last(ANN.id, begun(2, ANN.id).session_id) == begun(1, ANN.id)
        assert await people.attempts.last(BOB.id) is None
