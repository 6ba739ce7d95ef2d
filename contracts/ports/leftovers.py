"""What every adapter promises about what nobody needs any more."""

from datetime import timedelta

from contracts.ports.people import PeopleSubject, PeopleSuite, person, session
from contracts.ports.traces import attempt
from core.identity.api import EndReason
from core.identity.domain.code import Code, CodePurpose
from core.identity.domain.session import RefreshToken
from core.identity.traces import Leftovers
from tests.support.events import T0

ANN, BOB = person(1), person(2)
HOUR = timedelta(hours=1)


class LeftoversSuite(PeopleSuite):
    """Rows go when their time is over, the oldest first, and no more at once than is asked for."""

    async def test_the_log(self, people: PeopleSubject) -> None:
        leftovers: Leftovers = people.leftovers
        async with people.open_work() as work:
            for n, of in ((1, None), (2, ANN.id), (3, ANN.id), (4, ANN.id)):
                await work.attempts.add(attempt(n, of, at=T0 + n * HOUR))
        assert await leftovers.drop_attempts(T0, 9) == 0
        assert await leftovers.drop_attempts(T0 + 4 * HOUR, 2) == 2
        assert [each.id for each in await people.attempts.attempts(ANN.id, 9, None)] == [
            attempt(n, ANN.id).id for n in (4, 3)
        ]
        assert await leftovers.drop_attempts(T0 + 4 * HOUR, 2) == 1
        assert await leftovers.drop_attempts(T0 + 4 * HOUR, 2) == 0

    async def test_sessions_and_their_tokens(self, people: PeopleSubject) -> None:
        await people.add(ANN)
        over = {"ended_at": T0 + HOUR, "end_reason": EndReason.LOGOUT}
        kept = [session(1, ANN), session(2, ANN, ended_at=T0 + 2 * HOUR, end_reason=EndReason.LOGOUT)]
        await people.begin(*kept, session(3, ANN, **over), session(4, ANN, expires_at=T0 + HOUR))
        async with people.open_work() as work:
            for n in (1, 3):
                token = RefreshToken(hash=bytes([n]), session_id=session(n, ANN).id, created_at=T0)
                await work.refresh_tokens.add(token)
        leftovers: Leftovers = people.leftovers
        assert await leftovers.drop_sessions(T0 + HOUR, 9) == 0
        assert await leftovers.drop_sessions(T0 + 2 * HOUR, 9) == 2
        assert (await people.sessions.sessions(ANN.id, 9, None)).items == kept[::-1]
        async with people.open_work() as work:
            tokens = [await work.refresh_tokens.get(bytes([n])) for n in (1, 3)]
        assert [token is not None for token in tokens] == [True, False]

    async def test_codes(self, people: PeopleSubject) -> None:
        await people.add(ANN, BOB)
        async with people.open_work() as work:
            for n, owner in enumerate((ANN, BOB), 1):
                code = Code(
                    id=session(n, owner).id,
                    purpose=CodePurpose.RESET_PASSWORD,
                    target="",
                    created_at=T0,
                    expires_at=T0 + n * HOUR,
                    account_id=owner.id,
                    link_hash=bytes([n]),
                )
                await work.codes.put(code)
        leftovers: Leftovers = people.leftovers
        assert await leftovers.drop_codes(T0 + 2 * HOUR, 9) == 1
        async with people.open_work() as work:
            found = [await work.codes.of_account(CodePurpose.RESET_PASSWORD, each.id) for each in (ANN, BOB)]
        assert [code is not None for code in found] == [False, True]
