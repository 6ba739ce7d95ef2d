"""What every adapter promises about those who leave for good."""

from datetime import timedelta

from contracts.ports.people import PeopleSubject, PeopleSuite, person, session
from contracts.ports.traces import attempt
from core.identity.api import AccountStatus
from core.identity.domain.account import Account
from core.identity.domain.code import Code, CodePurpose
from core.identity.domain.networks import IpRule
from core.identity.domain.profile import Profile
from core.identity.domain.session import RefreshToken
from core.identity.leavers import Leavers
from core.identity.rights import OWNER, RoleChange
from tests.support.events import T0

SOON = T0 + timedelta(days=14)
ANN, BEN = person(1), person(2)
GONE = person(3, status=AccountStatus.DELETED, delete_at=SOON)
LATER = person(4, status=AccountStatus.DELETED, delete_at=SOON + timedelta(days=1))
BLOCKED = person(5, status=AccountStatus.BLOCKED, delete_at=SOON)


class LeaversSuite(PeopleSuite):
    """Deleted accounts go when their time has come, with all that belongs to them."""

    async def test_one_whose_time_has_come(self, people: PeopleSubject) -> None:
        await people.add(ANN, GONE, LATER, BLOCKED)
        async with people.open_work() as work:
            leavers: Leavers = work.leavers
            assert await leavers.next(SOON - timedelta(seconds=1)) is None
            assert await leavers.next(SOON) == GONE
            await leavers.remove(GONE.id)
            assert await leavers.next(SOON) is None
        assert await people.accounts.account(GONE.id) is None
        assert await people.accounts.account(ANN.id) == ANN

    async def test_names_are_free_again(self, people: PeopleSubject) -> None:
        await people.add(GONE)
        async with people.open_work() as work:
            await work.leavers.remove(GONE.id)
        await people.add(person(9, email=GONE.email, email_key=GONE.email_key))

    async def test_all_that_belongs_to_it_goes(self, people: PeopleSubject) -> None:
        await people.add(GONE, ANN)
        for n, each in enumerate((GONE, ANN), 1):
            await self._equip(people, n, each)
        async with people.open_work() as work:
            await work.leavers.remove(GONE.id)
        async with people.open_work() as work:
            tokens = [await work.refresh_tokens.get(bytes([n])) for n in (1, 2)]
            codes = [await work.codes.of_account(CodePurpose.UNDO_DELETION, each.id) for each in (GONE, ANN)]
            roles = [len(await work.holders.of(each.id)) for each in (GONE, ANN)]
        assert [found is not None for found in tokens] == [False, True]
        assert [found is not None for found in codes] == [False, True]
        assert roles == [0, 1]
        assert await people.sessions.session(session(1, GONE).id) is None
        assert await people.sessions.session(session(2, ANN).id) is not None
        assert [(await people.profiles.profile(each.id)).about for each in (GONE, ANN)] == ["", "Bees"]
        assert [len(await people.attempts.attempts(each.id, 9, None)) for each in (GONE, ANN)] == [0, 1]
        assert [len(await people.networks.rules(each.id)) for each in (GONE, ANN)] == [0, 1]

    async def _equip(self, people: PeopleSubject, n: int, owner: Account) -> None:
        """Give an account some of everything."""
        held = session(n, owner)
        code = Code(
            id=session(n + 10, owner).id,
            purpose=CodePurpose.UNDO_DELETION,
            target="",
            created_at=T0,
            expires_at=SOON,
            account_id=owner.id,
            link_hash=bytes([n]),
        )
        rule = IpRule(id=held.id, account_id=owner.id, network="192.0.2.0/24", note="", created_at=T0)
        async with people.open_work() as work:
            await work.sessions.add(held)
            await work.refresh_tokens.add(RefreshToken(hash=bytes([n]), session_id=held.id, created_at=T0))
            await work.codes.put(code)
            await work.networks.add(rule)
            await work.attempts.add(attempt(n, owner.id))
            await work.profiles.save(Profile(account_id=owner.id, about="Bees"))
            await work.holders.give([RoleChange(held.id, owner.id, OWNER, "owner", True, "tests", T0)])
