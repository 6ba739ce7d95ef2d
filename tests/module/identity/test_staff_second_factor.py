"""Whoever has a role may need a second factor to use it."""

import pytest

from core.identity.api import AccountStatus, IdentityRules
from core.identity.usecases.change_roles import ChangeRoles
from core.identity.usecases.identify_by_key import IdentifyByKey
from core.identity.usecases.keep_api_keys import CreateApiKey
from core.identity.usecases.keep_second_factor import DisableTotp
from core.identity.usecases.watch_over_people import ChangeStatus
from core.kernel.actor import SecondFactorNeeded, system_actor
from core.kernel.errors import Unauthenticated
from tests.support.crowd import STRANGER, open_crowd
from tests.support.doors import second_factor

STRICT = IdentityRules(staff_second_factor=True)
READ = "identity.read"


async def test_permissions_of_staff_wait_for_the_second_factor() -> None:
    async with open_crowd(STRICT) as crowd:
        session = await crowd.verified()
        ann = await crowd.person(session)
        assert ann.account is not None
        assert (ann.permissions, ann.withheld) == (frozenset(), frozenset())
        await (await crowd.get(ChangeRoles))(system_actor("tests"), ann.account, give=["moderator"])
        ann = await crowd.person(session)
        with pytest.raises(SecondFactorNeeded):
            ann.require(READ)
        await second_factor(crowd, ann)
        (await crowd.person(session)).require(READ)
        await (await crowd.get(DisableTotp))(await crowd.person(session))
        with pytest.raises(SecondFactorNeeded):
            (await crowd.person(session)).require(READ)


async def test_where_it_is_only_suggested_nothing_waits() -> None:
    async with open_crowd() as crowd:
        session = await crowd.verified()
        await (await crowd.get(ChangeRoles))(system_actor("tests"), session.account_id, give=["moderator"])
        (await crowd.person(session)).require(READ)


async def test_what_becomes_of_an_account_holds_for_its_keys_at_the_next_call() -> None:
    async with open_crowd() as crowd:
        session, soty = await crowd.verified(), system_actor("tests")
        change, identify = await crowd.get(ChangeRoles), await crowd.get(IdentifyByKey)
        await change(soty, session.account_id, give=["moderator"])
        ann = await crowd.person(session)
        key = (await (await crowd.get(CreateApiKey))(ann, "tests", [READ])).key
        (await identify(STRANGER, key)).require(READ)
        await change(soty, session.account_id, take=["moderator"])
        assert (await identify(STRANGER, key)).permissions == set()
        await (await crowd.get(ChangeStatus))(soty, session.account_id, status=AccountStatus.BLOCKED)
        with pytest.raises(Unauthenticated):
            await identify(STRANGER, key)
