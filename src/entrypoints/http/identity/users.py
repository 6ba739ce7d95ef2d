"""People as the staff sees them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from core.identity.api import AccountStatus, ActivityBy, PersonActivityView, PersonChanges
from core.identity.permissions import EDIT, IMPERSONATE, READ, STATUS
from core.identity.rights import PersonView
from core.identity.usecases.add_person import AddPerson
from core.identity.usecases.change_person import ChangePerson
from core.identity.usecases.clear_networks import ClearNetworks
from core.identity.usecases.impersonate import Impersonate
from core.identity.usecases.queries.activity import ListActivityOf
from core.identity.usecases.queries.people import GetPerson, ListPeople
from core.identity.usecases.watch_over_people import ChangeStatus, EndSessionsOf
from core.kernel.errors import InvalidCursor
from core.kernel.paging import Limit, Page
from entrypoints.http.answer import Answer
from entrypoints.http.identity.examples import ANN, EMAIL, GRANTED, TYPED, Login, Password
from entrypoints.http.identity.granting import Granted, Granting
from entrypoints.http.identity.me import EndedView
from entrypoints.http.identity.roles import PROOF, Names
from entrypoints.http.operation import Call, NoQuery, Operation, PageQuery

LIST = "/api/v1/users"
ONE = LIST + "/{user_id}"
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class PeopleQuery(PageQuery, frozen=True, gc=False):
    """Which accounts; fields that are set must all hold.

    ``text`` is what an e-mail address, a username or a phone number begins with.
    """

    text: Annotated[str, msgspec.Meta(max_length=320)] = ""
    status: AccountStatus | None = None
    role_id: UUID | None = None
    page: Annotated[int, msgspec.Meta(ge=0, le=10_000, description="From 1; 0 pages by cursor.")] = 0
    page_size: Limit = 50


class PeoplePage(msgspec.Struct, frozen=True):
    """One page of accounts; asked for by its number, ``page`` is that number and ``total`` counts all accounts."""

    items: list[PersonView]
    next_cursor: str | None = None
    page: int | None = None
    total: int | None = None


class PersonRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account to make; without a password its owner sets one by a letter."""

    login: Login
    password: Password | None = None
    roles: Names = []
    language: Literal["en", "ru"] = "en"


class StatusRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the account may be used; ``reason`` is shown to its owner while it is blocked."""

    status: Literal["active", "blocked"]
    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""


class ReasonRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why, for the trail."""

    reason: Reason


class ClearedView(msgspec.Struct, frozen=True):
    """How many rules were dropped."""

    cleared: int


@dataclass(frozen=True, slots=True)
class OtherSelf:
    """The way to act as somebody else, and what whoever does so gets."""

    impersonate: Impersonate
    granting: Granting


async def list_people(people: ListPeople, call: Call[PeopleQuery, None]) -> PeoplePage:
    """One page of accounts.

    :raises InvalidCursor: not a cursor of this list, or a number beside it.
    """
    query = call.query
    text, status, role = query.text, query.status, query.role_id
    if not query.page:
        found = await people(call.actor, text=text, status=status, role=role, limit=query.limit, cursor=query.cursor)
        return PeoplePage(found.items, found.next_cursor)
    if query.cursor is not None:
        raise InvalidCursor(cursor=query.cursor[:64])
    items, total = await people.numbered(
        call.actor, text=text, status=status, role=role, size=query.page_size, page=query.page
    )
    return PeoplePage(items, page=query.page, total=total)


async def add_person(add: AddPerson, call: Call[NoQuery, PersonRequest]) -> PersonView | None:
    """Make one."""
    body = call.body
    return await add(call.actor, login=body.login, password=body.password, roles=body.roles, language=body.language)


async def read_person(get: GetPerson, call: Call[NoQuery, None]) -> PersonView:
    """One account."""
    return await get(call.actor, call.ids["user_id"])


async def change_person(change: ChangePerson, call: Call[NoQuery, PersonChanges]) -> PersonView:
    """Change some of it."""
    return await change(call.actor, call.ids["user_id"], changes=call.body)


async def change_status(change: ChangeStatus, call: Call[NoQuery, StatusRequest]) -> PersonView:
    """Block, or let in again."""
    status = AccountStatus(call.body.status)
    return await change(call.actor, call.ids["user_id"], status=status, reason=call.body.reason)


async def delete_person(change: ChangeStatus, call: Call[NoQuery, None]) -> PersonView:
    """Delete, so that it can be taken back for fourteen days."""
    return await change(call.actor, call.ids["user_id"], status=AccountStatus.DELETED)


async def end_sessions_of(end: EndSessionsOf, call: Call[NoQuery, None]) -> EndedView:
    """End all sessions."""
    return EndedView(await end(call.actor, call.ids["user_id"]))


async def clear_networks(clear: ClearNetworks, call: Call[NoQuery, None]) -> ClearedView:
    """Drop all rules about networks."""
    return ClearedView(await clear(call.actor, call.ids["user_id"]))


async def impersonate(other: OtherSelf, call: Call[NoQuery, ReasonRequest]) -> Answer:
    """Act as somebody else."""
    return other.granting.answer(await other.impersonate(call.actor, call.ids["user_id"], reason=call.body.reason))


async def list_activity_of(activity: ListActivityOf, call: Call[PageQuery, None]) -> Page[PersonActivityView]:
    """What happened to an account."""
    return await activity(call.actor, call.ids["user_id"], limit=call.query.limit, cursor=call.query.cursor)


MOMENT = datetime(2025, 2, 18, 12, 12, 56, tzinfo=UTC)
PERSON_SEEN = PersonView(
    id=ANN,
    email=EMAIL,
    username=None,
    phone=None,
    verified=True,
    status=AccountStatus.ACTIVE,
    blocked_reason=None,
    delete_at=None,
    language="en",
    timezone="UTC",
    created_at=MOMENT,
    version=1,
    roles=["packer"],
    permissions=["inventory.read"],
)
BLOCKED = msgspec.structs.replace(PERSON_SEEN, status=AccountStatus.BLOCKED, blocked_reason="spam", version=2)
DELETED = msgspec.structs.replace(PERSON_SEEN, status=AccountStatus.DELETED, delete_at=MOMENT, version=2)
ACT = PersonActivityView(
    id=UUID("0195194e-4a40-7000-8000-000000000009"),
    at=MOMENT,
    by=ActivityBy.STAFF,
    action="identity.status",
    details={"before": "active", "after": "blocked"},
    address="192.0.2.7",
    actor=f"user:{ANN}",
)
GONE = "identity.account_not_found"
ABOVE = (*PROOF, GONE, "identity.above_self")

OPERATIONS = (
    Operation(
        method="GET",
        path=LIST,
        tag="users",
        summary="Look for people, newest first",
        acts_on=ListPeople,
        act=list_people,
        permission=READ,
        query=PeopleQuery,
        answer=PeoplePage,
        example=PeoplePage([PERSON_SEEN]),
        errors=("kernel.invalid_cursor",),
    ),
    Operation(
        method="POST",
        path=LIST,
        tag="users",
        summary="Make an account for somebody; its address counts as verified",
        acts_on=AddPerson,
        act=add_person,
        permission=EDIT,
        status=201,
        answer=PersonView,
        example=PERSON_SEEN,
        body=PersonRequest,
        body_example=PersonRequest(EMAIL, TYPED, ["packer"]),
        errors=(*PROOF, "identity.name_taken", "identity.role_unknown", "identity.above_self"),
    ),
    Operation(
        method="GET",
        path=ONE,
        tag="users",
        summary="Read an account",
        acts_on=GetPerson,
        act=read_person,
        permission=READ,
        answer=PersonView,
        example=PERSON_SEEN,
        errors=(GONE,),
    ),
    Operation(
        method="PATCH",
        path=ONE,
        tag="users",
        summary="Change names, language or time zone of somebody; another e-mail address is asked to confirm first",
        acts_on=ChangePerson,
        act=change_person,
        permission=EDIT,
        answer=PersonView,
        example=msgspec.structs.replace(PERSON_SEEN, timezone="Europe/Berlin", version=2),
        body=PersonChanges,
        body_example=PersonChanges(timezone="Europe/Berlin"),
        errors=(*ABOVE, "identity.timezone_unknown", "identity.name_taken"),
    ),
    Operation(
        method="DELETE",
        path=ONE,
        tag="users",
        summary="Delete an account and end its sessions; it can be taken back for fourteen days",
        acts_on=ChangeStatus,
        act=delete_person,
        permission=EDIT,
        answer=PersonView,
        example=DELETED,
        errors=(*ABOVE, "identity.last_owner"),
    ),
    Operation(
        method="DELETE",
        path=ONE + "/ip-rules",
        tag="users",
        summary="Let somebody in again from everywhere whose own rules about networks shut him out",
        acts_on=ClearNetworks,
        act=clear_networks,
        permission=STATUS,
        answer=ClearedView,
        example=ClearedView(2),
        errors=ABOVE,
    ),
    Operation(
        method="PATCH",
        path=ONE + "/status",
        tag="users",
        summary="Block an account and end its sessions, or let it be used again",
        acts_on=ChangeStatus,
        act=change_status,
        permission=STATUS,
        answer=PersonView,
        example=BLOCKED,
        body=StatusRequest,
        body_example=StatusRequest("blocked", "spam"),
        errors=(*ABOVE, "identity.last_owner"),
    ),
    Operation(
        method="POST",
        path=ONE + "/revoke-sessions",
        tag="users",
        summary="End all sessions of an account",
        acts_on=EndSessionsOf,
        act=end_sessions_of,
        permission=STATUS,
        answer=EndedView,
        example=EndedView(2),
        errors=ABOVE,
    ),
    Operation(
        method="POST",
        path=ONE + "/impersonate",
        tag="users",
        summary="Act as somebody for an hour; what asks for a password is refused",
        acts_on=OtherSelf,
        act=impersonate,
        permission=IMPERSONATE,
        answer=Granted,
        example=GRANTED,
        body=ReasonRequest,
        body_example=ReasonRequest("to see what the customer sees"),
        errors=(*ABOVE, "identity.not_to_be_impersonated"),
    ),
    Operation(
        method="GET",
        path=ONE + "/activity",
        tag="users",
        summary="List who tried to sign in to an account, and what was changed of it by whom, newest first",
        acts_on=ListActivityOf,
        act=list_activity_of,
        permission=READ,
        query=PageQuery,
        answer=Page[PersonActivityView],
        example=Page([ACT]),
        errors=(GONE, "kernel.invalid_cursor"),
    ),
)
