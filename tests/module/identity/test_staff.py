"""What the staff does with people."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from msgspec.structs import replace

from core.identity.api import AccountStatus, EndReason, PersonChanges, SessionKind
from core.identity.domain.errors import (
    AboveSelf,
    AccountNotFound,
    LastOwner,
    NameTaken,
    NotToBeImpersonated,
    TimezoneUnknown,
)
from core.identity.domain.refusals import AccountBlocked, ActingNotRenewed, CodeRefused, WrongCredentials
from core.identity.usecases.add_person import AddPerson
from core.identity.usecases.change_email import ConfirmEmailChange, UndoEmailChange
from core.identity.usecases.change_person import ChangePerson
from core.identity.usecases.impersonate import HOUR, Impersonate
from core.identity.usecases.invite import AcceptInvite, InvitePerson
from core.identity.usecases.queries.activity import ListActivityOf
from core.identity.usecases.queries.me import GetMe
from core.identity.usecases.queries.people import GetPerson, ListPeople
from core.identity.usecases.queries.profiles import GetProfile
from core.identity.usecases.refresh_session import RefreshSession
from core.identity.usecases.set_up import OfferSetUp, SetUp
from core.identity.usecases.watch_over_people import ChangeStatus, EndSessionsOf
from core.kernel.actor import Actor, ProofNeeded
from core.kernel.errors import Forbidden, Unauthenticated
from core.kernel.wire import WrongFields
from tests.support.crowd import PASSWORD, SOTY, STRANGER, Crowd, open_crowd

OWNER, ADMIN, ANN = "olga@example.com", "anton@example.com", "ann@example.com"


@pytest.fixture
async def crowd() -> AsyncIterator[Crowd]:
    async with open_crowd() as crowd:
        yield crowd


def id_of(actor: Actor) -> UUID:
    assert actor.account is not None
    return actor.account


async def found(crowd: Crowd, actor: Actor, **wanted: object) -> list[str | None]:
    """Addresses of the people that a search finds."""
    people = await crowd.get(ListPeople)
    return [person.email for person in (await people(actor, **wanted)).items]  # type: ignore[arg-type]


async def test_people_are_found(crowd: Crowd) -> None:
    olga = await crowd.hire(OWNER, "owner")
    ann = await crowd.hire(ANN)
    assert await found(crowd, olga) == [ANN, OWNER]
    assert await found(crowd, olga, text="AN") == [ANN]
    assert await found(crowd, olga, text="x") == []
    assert await found(crowd, olga, role=UUID(int=1)) == [OWNER]
    assert await found(crowd, olga, status=AccountStatus.BLOCKED) == []
    person = await (await crowd.get(GetPerson))(olga, id_of(olga))
    assert (person.roles, "identity.owners" in person.permissions) == (["owner"], True)
    with pytest.raises(AccountNotFound):
        await (await crowd.get(GetPerson))(olga, UUID(int=404))
    with pytest.raises(AccountNotFound):
        await (await crowd.get(ListActivityOf))(olga, UUID(int=404))
    with pytest.raises(Forbidden):
        await found(crowd, ann)


async def test_an_account_is_made_for_somebody(crowd: Crowd) -> None:
    admin = await crowd.hire(ADMIN, "admin")
    add = await crowd.get(AddPerson)
    made = await add(admin, login=ANN, password=PASSWORD, roles=["moderator"])
    assert made is not None
    assert (made.verified, made.roles) == (True, ["moderator"])
    with pytest.raises(NameTaken):
        await add(admin, login=ANN.upper())
    with pytest.raises(AboveSelf):
        await add(admin, login="x@example.com", roles=["owner"])
    with pytest.raises(WrongFields):
        await add(admin, login="x@example.com", password="short")
    assert await add(SOTY, login=OWNER, roles=["owner"], only_first=True) is not None
    assert await add(SOTY, login="second@example.com", roles=["owner"], only_first=True) is None


async def test_who_is_blocked_is_out_at_once_and_may_come_back(crowd: Crowd) -> None:
    olga = await crowd.hire(OWNER, "owner")
    await crowd.hire(ANN)
    session = await crowd.sign_in(ANN)
    ann = await crowd.person(session)
    change = await crowd.get(ChangeStatus)
    view = await change(olga, id_of(ann), status=AccountStatus.BLOCKED, reason="spam")
    assert (view.status, view.blocked_reason) == (AccountStatus.BLOCKED, "spam")
    with pytest.raises(Unauthenticated):
        await crowd.person(session)
    with pytest.raises(AccountBlocked):
        await crowd.sign_in(ANN)
    assert {each.end_reason for each in (await crowd.sessions(ann)).values()} == {EndReason.ADMIN}
    await change(olga, id_of(ann), status=AccountStatus.ACTIVE)
    await crowd.sign_in(ANN)
    acts = await crowd.trail(id_of(ann))
    assert [(act.action, act.details.get("after")) for act in acts if act.action == "identity.status"] == [
        ("identity.status", "blocked"),
        ("identity.status", "active"),
    ]
    assert {act.actor for act in acts if act.action == "identity.status"} == {olga.name}


async def test_staff_changes_names_and_time_zone_of_those_who_may_no_more(crowd: Crowd) -> None:
    olga, admin, ann = await crowd.hire(OWNER, "owner"), await crowd.hire(ADMIN, "admin"), await crowd.hire(ANN)
    change = await crowd.get(ChangePerson)
    view = await change(admin, id_of(ann), changes=PersonChanges(first_name="Ann", timezone="Europe/Berlin"))
    assert (view.timezone, view.language) == ("Europe/Berlin", "en")
    assert (await (await crowd.get(GetProfile))(ann)).first_name == "Ann"
    with pytest.raises(TimezoneUnknown):
        await change(admin, id_of(ann), changes=PersonChanges(timezone="Europe/Nowhere"))
    with pytest.raises(AboveSelf):
        await change(admin, id_of(olga), changes=PersonChanges(language="ru"))
    with pytest.raises(Forbidden):
        await change(ann, id_of(ann), changes=PersonChanges(language="ru"))
    acts = await crowd.trail(id_of(ann))
    assert (acts[-1].action, acts[-1].details) == ("identity.person.change", {"fields": ["first_name", "timezone"]})


async def test_staff_moves_somebody_to_an_address_that_confirms_it(crowd: Crowd) -> None:
    admin, ann = await crowd.hire(ADMIN, "admin"), await crowd.hire(ANN)
    change = await crowd.get(ChangePerson)
    view = await change(admin, id_of(ann), changes=PersonChanges(email="new@example.org", language="ru"))
    assert (view.email, view.language) == (ANN, "ru")
    assert (crowd.letter.name, crowd.letter.to) == ("identity.change_email", "new@example.org")
    masks = {"before": "a***@example.com", "after": "n***@example.org"}
    asked = (await crowd.trail(id_of(ann)))[-1]
    assert (asked.actor, asked.details) == (admin.name, {"fields": ["email", "language"], "email": masks})
    await (await crowd.get(ConfirmEmailChange))(STRANGER, token=crowd.letter.token)
    moved = (await crowd.trail(id_of(ann)))[-1]
    assert (moved.action, moved.details) == ("identity.email.change", masks)
    assert (crowd.letter.name, crowd.letter.to) == ("identity.email_changed", ANN)
    await (await crowd.get(UndoEmailChange))(STRANGER, crowd.letter.token)
    assert (await (await crowd.get(GetPerson))(admin, id_of(ann))).email == ANN


async def test_staff_moves_nobody_to_what_is_no_address_or_another_ones(crowd: Crowd) -> None:
    olga, admin, ann = await crowd.hire(OWNER, "owner"), await crowd.hire(ADMIN, "admin"), await crowd.hire(ANN)
    change, sent = await crowd.get(ChangePerson), len(crowd.letters)
    for email, refusal in (("nonsense", WrongFields), (OWNER.upper(), NameTaken)):
        with pytest.raises(refusal):
            await change(admin, id_of(ann), changes=PersonChanges(email=email, language="ru"))
    with pytest.raises(AboveSelf):
        await change(admin, id_of(olga), changes=PersonChanges(email="new@example.org"))
    with pytest.raises(ProofNeeded):
        await change(replace(admin, proven_at=None), id_of(ann), changes=PersonChanges(email="new@example.org"))
    assert len(crowd.letters) == sent
    assert (await (await crowd.get(GetPerson))(olga, id_of(ann))).language == "en"


async def test_the_last_owner_is_neither_blocked_nor_deleted(crowd: Crowd) -> None:
    olga = await crowd.hire(OWNER, "owner")
    change = await crowd.get(ChangeStatus)
    for status in (AccountStatus.BLOCKED, AccountStatus.DELETED):
        with pytest.raises(LastOwner):
            await change(olga, id_of(olga), status=status)
    other = await crowd.hire("other@example.com", "owner")
    await change(olga, id_of(other), status=AccountStatus.BLOCKED)
    with pytest.raises(LastOwner):
        await change(SOTY, id_of(olga), status=AccountStatus.BLOCKED)


async def test_sessions_of_others_end(crowd: Crowd) -> None:
    olga, admin = await crowd.hire(OWNER, "owner"), await crowd.hire(ADMIN, "admin")
    end = await crowd.get(EndSessionsOf)
    with pytest.raises(AboveSelf):
        await end(admin, id_of(olga))
    assert await end(olga, id_of(admin)) == 1
    assert [each.end_reason for each in (await crowd.sessions(admin)).values()] == [EndReason.ADMIN]


async def test_one_acts_as_another_for_an_hour_and_under_both_names(crowd: Crowd) -> None:
    olga, ann = await crowd.hire(OWNER, "owner"), await crowd.hire(ANN)
    impersonate, change = await crowd.get(Impersonate), await crowd.get(ChangeStatus)
    begun = await impersonate(olga, id_of(ann), reason="to see")
    assert begun.kind is SessionKind.IMPERSONATION
    as_ann = await crowd.person(begun)
    assert (as_ann.account, as_ann.impersonator, as_ann.permissions) == (ann.account, olga.account, frozenset())
    for sensitive in (impersonate(as_ann, id_of(olga), reason="x"), change(as_ann, id_of(olga), status="blocked")):  # type: ignore[arg-type]
        with pytest.raises(Forbidden):
            await sensitive
    with pytest.raises(ProofNeeded):
        as_ann.require_proof(crowd.clock.now())
    acts = await crowd.trail(id_of(ann))
    assert (acts[-1].action, acts[-1].actor, acts[-1].details) == (
        "identity.impersonate",
        olga.name,
        {"reason": "to see"},
    )
    assert (await (await crowd.get(GetMe))(as_ann)).impersonated_by == olga.account
    crowd.clock.advance(HOUR.total_seconds() + 1)
    with pytest.raises(Unauthenticated):
        await crowd.person(begun)


async def test_a_browser_in_which_one_acts_as_another_renews_nothing(crowd: Crowd) -> None:
    olga, ann = await crowd.hire(OWNER, "owner"), await crowd.hire(ANN)
    own = await crowd.sign_in(OWNER, kind=SessionKind.COOKIE)
    refresh = await crowd.get(RefreshSession)
    with pytest.raises(ActingNotRenewed):
        await refresh(replace(ann, impersonator=olga.account), own.refresh_token, kind=SessionKind.COOKIE)
    assert (await refresh(STRANGER, own.refresh_token, kind=SessionKind.COOKIE)).session_id == own.session_id


async def test_one_is_told_what_one_may_and_by_which_roles(crowd: Crowd) -> None:
    admin, ann = await crowd.hire(ADMIN, "admin"), await crowd.hire(ANN)
    me = await crowd.get(GetMe)
    view = await me(admin)
    assert (view.roles, view.permissions) == (["admin"], sorted(admin.permissions))
    view = await me(ann)
    assert (view.roles, view.permissions, view.impersonated_by_name) == ([], [], None)


async def test_who_is_blocked_acts_as_nobody_any_more(crowd: Crowd) -> None:
    olga, admin, ann = await crowd.hire(OWNER, "owner"), await crowd.hire(ADMIN, "admin"), await crowd.hire(ANN)
    begun = await (await crowd.get(Impersonate))(admin, id_of(ann), reason="x")
    await crowd.person(begun)
    await (await crowd.get(ChangeStatus))(olga, id_of(admin), status=AccountStatus.BLOCKED)
    with pytest.raises(Unauthenticated):
        await crowd.person(begun)


async def test_nobody_acts_as_who_may_more_or_as_himself(crowd: Crowd) -> None:
    olga, admin = await crowd.hire(OWNER, "owner"), await crowd.hire(ADMIN, "admin")
    impersonate = await crowd.get(Impersonate)
    with pytest.raises(AboveSelf):
        await impersonate(admin, id_of(olga), reason="x")
    with pytest.raises(NotToBeImpersonated):
        await impersonate(olga, id_of(olga), reason="x")
    as_admin = await crowd.person(await impersonate(olga, id_of(admin), reason="x"))
    with pytest.raises(ProofNeeded):
        await impersonate(as_admin, id_of(await crowd.hire(ANN)), reason="nested")


async def test_the_first_owner_comes_by_a_link_that_works_once(crowd: Crowd) -> None:
    offer, set_up = await crowd.get(OfferSetUp), await crowd.get(SetUp)
    first, second = await offer(SOTY), await offer(SOTY)
    assert first is not None
    assert second is not None
    old, token = (path.partition("token=")[2] for path in (first, second))
    for wrong in (old, "x" * 43):
        with pytest.raises(CodeRefused):
            await set_up(STRANGER, token=wrong, login=OWNER, password=PASSWORD, language="en")
    with pytest.raises(WrongFields):
        await set_up(STRANGER, token=token, login=OWNER, password="short", language="en")
    owner = await set_up(STRANGER, token=token, login=OWNER, password=PASSWORD, language="en")
    assert owner.roles == ["owner"]
    with pytest.raises(CodeRefused):
        await set_up(STRANGER, token=token, login=ADMIN, password=PASSWORD, language="en")
    assert await offer(SOTY) is None
    await crowd.sign_in(OWNER)
    with pytest.raises(WrongCredentials):
        await crowd.sign_in(ADMIN)


async def test_the_link_is_good_for_a_day(crowd: Crowd) -> None:
    path = await (await crowd.get(OfferSetUp))(SOTY)
    assert path is not None
    crowd.clock.advance(24 * 3600)
    with pytest.raises(CodeRefused):
        await (await crowd.get(SetUp))(
            STRANGER, token=path.partition("token=")[2], login=OWNER, password=PASSWORD, language="en"
        )


async def test_an_invitation_brings_roles_once_and_as_long_as_they_may_be_given(crowd: Crowd) -> None:
    olga, admin = await crowd.hire(OWNER, "owner"), await crowd.hire(ADMIN, "admin")
    invite, accept = await crowd.get(InvitePerson), await crowd.get(AcceptInvite)
    with pytest.raises(AboveSelf):
        await invite(admin, email=ANN, roles=["owner"])
    with pytest.raises(NameTaken):
        await invite(admin, email=OWNER)
    with pytest.raises(WrongFields):
        await invite(admin, email="no address")
    await invite(admin, email="Ann@Example.com", roles=["moderator"])
    first = crowd.letter
    assert (first.name, first.to) == ("identity.invite", "Ann@example.com")
    await invite(admin, email=ANN, roles=["moderator"])
    token = crowd.letter.token
    with pytest.raises(CodeRefused):
        await accept(STRANGER, token=first.token, password=PASSWORD, language="en")
    with pytest.raises(WrongFields):
        await accept(STRANGER, token=token, password="short", language="en")
    change = await crowd.get(ChangeStatus)
    await change(olga, id_of(admin), status=AccountStatus.BLOCKED)
    with pytest.raises(CodeRefused):
        await accept(STRANGER, token=token, password=PASSWORD, language="en")
    await change(olga, id_of(admin), status=AccountStatus.ACTIVE)
    ann = await accept(STRANGER, token=token, password=PASSWORD, language="en")
    assert (ann.email, ann.verified, ann.roles) == (ANN, True, ["moderator"])
    with pytest.raises(CodeRefused):
        await accept(STRANGER, token=token, password=PASSWORD, language="en")
    await crowd.sign_in(ANN)
