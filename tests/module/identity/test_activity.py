"""What happened to one's own account."""

import pytest

from core.identity.api import ActivityBy, SignInMethod, SignInOutcome
from core.identity.domain.refusals import WrongCredentials
from core.identity.usecases.change_password import ChangePassword
from core.identity.usecases.impersonate import Impersonate
from core.identity.usecases.queries.activity import ListActivity
from core.kernel.errors import Unauthenticated
from tests.support.crowd import ANN, OTHER, PASSWORD, STRANGER, Crowd


async def test_sign_ins_and_changes_are_told_together_page_by_page(crowd: Crowd) -> None:
    first = await crowd.verified()
    with pytest.raises(WrongCredentials):
        await crowd.sign_in(password="not hers at all")
    ann = await crowd.person(await crowd.sign_in())
    await (await crowd.get(ChangePassword))(ann, PASSWORD, OTHER)
    activity = await crowd.get(ListActivity)
    told = await activity(ann)
    assert [(each.by, each.outcome, each.action) for each in told.items] == [
        (ActivityBy.SELF, None, "identity.password.change"),
        (None, SignInOutcome.SIGNED_IN, None),
        (None, SignInOutcome.WRONG_PASSWORD, None),
        (None, SignInOutcome.SIGNED_IN, None),
    ]
    assert [each.session_id for each in told.items] == [None, ann.session, None, first.session_id]
    assert told.last_sign_in is not None
    assert told.last_sign_in.method is SignInMethod.PASSWORD
    pages, cursor = [], None
    while True:
        page = await activity(ann, limit=1, cursor=cursor)
        pages += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert pages == told.items


async def test_the_staff_is_seen_but_not_where_it_sits(crowd: Crowd) -> None:
    olga, ann = await crowd.hire("olga@example.com", "owner"), await crowd.hire(ANN)
    await (await crowd.get(Impersonate))(olga, ann.person(), reason="to see")
    told = await (await crowd.get(ListActivity))(ann)
    assert told.last_sign_in is None
    of_staff = [each for each in told.items if each.by is ActivityBy.STAFF]
    assert sorted(each.action or each.method or "" for each in of_staff) == ["identity.impersonate", "impersonation"]
    assert {(each.address, each.agent, str(each.details)) for each in of_staff} == {("", "", "{}")}


async def test_strangers_have_none(crowd: Crowd) -> None:
    with pytest.raises(Unauthenticated):
        await (await crowd.get(ListActivity))(STRANGER)
