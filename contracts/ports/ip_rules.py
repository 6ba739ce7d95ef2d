"""What every adapter promises about rules about networks."""

from uuid import UUID

import pytest

from contracts.ports.people import PeopleSubject, PeopleSuite, person
from core.identity.domain.account import Account
from core.identity.domain.networks import IpRule
from core.identity.networks import IpRuleReader, IpRules
from tests.support.events import T0

ANN, BEN = person(1), person(2)


def rule(n: int, of: Account = ANN) -> IpRule:
    """Rule ``n`` of an account."""
    return IpRule(id=UUID(int=4 << 120 | n), account_id=of.id, network=f"192.0.{n}.0/24", note="office", created_at=T0)


class IpRulesSuite(PeopleSuite):
    """Rules are added, read by account, and removed."""

    @pytest.fixture
    def rules(self, people: PeopleSubject) -> IpRuleReader:
        """What reads them."""
        return people.networks

    async def test_they_are_kept_by_account(self, people: PeopleSubject, rules: IpRuleReader) -> None:
        await people.add(ANN, BEN)
        async with people.open_work() as work:
            kept: IpRules = work.networks
            for each in (rule(2), rule(1), rule(3, BEN)):
                await kept.add(each)
            assert await kept.of(ANN.id) == [rule(1), rule(2)]
        assert await rules.rules(ANN.id) == [rule(1), rule(2)]
        async with people.open_work() as work:
            await work.networks.remove(rule(1).id)
        assert await rules.rules(ANN.id) == [rule(2)]
        assert await rules.rules(BEN.id) == [rule(3, BEN)]
        assert await rules.rules(UUID(int=9)) == []
