"""What happened to one's own account."""

import pytest
from msgspec.structs import replace

from core.identity.api import ActivityBy, PersonActivityView, SignInMethod, SignInOutcome
from core.identity.domain.refusals import WrongCredentials
from core.identity.usecases.change_password import ChangePassword
from core.identity.usecases.end_sessions import SignOut
from core.identity.usecases.impersonate import Impersonate
from core.identity.usecases.queries.activity import ListActivity, ListActivityOf
from core.identity.usecases.queries.personal import ListOwnSignIns
from core.kernel.actor import Origin
from core.kernel.errors import Forbidden, InvalidCursor, Unauthenticated
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


async def test_the_staff_sees_who_did_what_and_from_where_page_by_page(crowd: Crowd) -> None:
    olga, ann = await crowd.hire("olga@example.com", "owner"), await crowd.hire(ANN)
    with pytest.raises(WrongCredentials):
        await crowd.sign_in(password="not hers at all")
    home = replace(olga, origin=Origin("192.0.2.9", "her browser"))
    begun = await (await crowd.get(Impersonate))(home, ann.person(), reason="to see")
    await (await crowd.get(SignOut))(await crowd.person(begun))
    activity = await crowd.get(ListActivityOf)
    told: list[PersonActivityView] = []
    cursor = None
    while not told or cursor is not None:
        page = await activity(olga, ann.person(), limit=2, cursor=cursor)
        told += page.items
        cursor = page.next_cursor
    end, begin, try_of_staff, wrong, *_ = told
    assert (end.action, end.actor, end.impersonator) == ("identity.impersonate.end", ann.name, olga.name)
    assert (begin.by, begin.actor, begin.details) == (ActivityBy.STAFF, olga.name, {"reason": "to see"})
    assert (try_of_staff.method, try_of_staff.session_id) == (SignInMethod.IMPERSONATION, begun.session_id)
    assert {(each.address, each.agent) for each in (begin, try_of_staff)} == {("192.0.2.9", "her browser")}
    assert (wrong.outcome, wrong.actor) == (SignInOutcome.WRONG_PASSWORD, None)
    assert [each.id for each in told] == sorted((each.id for each in told), reverse=True)
    for limit, wanted in ((len(told), None), (len(told) - 1, str)):
        assert isinstance((await activity(olga, ann.person(), limit=limit)).next_cursor, wanted or type(None))


async def test_all_sign_ins_are_taken_along_but_not_where_the_staff_sits(crowd: Crowd) -> None:
    olga, first = await crowd.hire("olga@example.com", "owner"), await crowd.verified()
    ann = await crowd.person(first)
    with pytest.raises(WrongCredentials):
        await crowd.sign_in(password="not hers at all", actor=replace(STRANGER, origin=Origin("192.0.2.9", "curl")))
    await (await crowd.get(Impersonate))(replace(olga, origin=Origin("192.0.2.7", "x")), ann.person(), reason="to see")
    read = await crowd.get(ListOwnSignIns)
    told = (await read(ann)).items
    assert [(each.method, each.outcome, each.address, each.agent) for each in told] == [
        (SignInMethod.IMPERSONATION, SignInOutcome.SIGNED_IN, None, None),
        (SignInMethod.PASSWORD, SignInOutcome.WRONG_PASSWORD, "192.0.2.9", "curl"),
        (SignInMethod.PASSWORD, SignInOutcome.SIGNED_IN, STRANGER.origin.address, STRANGER.origin.agent),
    ]
    page = await read(ann, limit=2)
    assert [*page.items, *(await read(ann, limit=2, cursor=page.next_cursor)).items] == told
    with pytest.raises(InvalidCursor):
        await read(ann, cursor="rubbish")


async def test_only_the_staff_sees_what_happened_to_others(crowd: Crowd) -> None:
    olga, ann = await crowd.hire("olga@example.com", "owner"), await crowd.hire(ANN)
    with pytest.raises(Forbidden):
        await (await crowd.get(ListActivityOf))(ann, olga.person())
    with pytest.raises(InvalidCursor):
        await (await crowd.get(ListActivityOf))(olga, ann.person(), cursor="rubbish")


async def test_strangers_have_none(crowd: Crowd) -> None:
    with pytest.raises(Unauthenticated):
        await (await crowd.get(ListActivity))(STRANGER)
