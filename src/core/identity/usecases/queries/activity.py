"""Read what happened to an account: who tried to sign in, and what was changed."""

from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from msgspec.structs import asdict, replace

from core.identity.api import Activity, ActivityBy, ActivityView, LastSignIn, PersonActivityView, SignInMethod
from core.identity.permissions import READ
from core.identity.ports import AccountReader
from core.identity.positions import ByActivity
from core.identity.traces import Attempt, AttemptReader
from core.identity.usecases.queries.people import account_of
from core.kernel.actor import ANONYMOUS, Actor
from core.kernel.audit import AuditEntry, AuditReader
from core.kernel.paging import Page, decode_cursor, encode_cursor

OPEN = (ActivityBy.SELF, ActivityBy.LETTER, None)
"""Of whom the owner of an account sees from where and how; the staff works behind a curtain."""


@dataclass(frozen=True, slots=True)
class ListActivity:
    """What happened to an account, out of the log of sign-ins and the trail."""

    attempts: AttemptReader
    audit: AuditReader

    async def __call__(self, actor: Actor, *, limit: int = 50, cursor: str | None = None) -> Activity:
        """One page about one's own account, newest first; the first page tells of the sign-in before this session.

        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises InvalidCursor: not a cursor of this list.
        """
        owner = actor.person(even_limited=True)
        found = await _happened(self.attempts, self.audit, owner, limit, cursor)
        seen = [_view(owner, each) for each in found.items]
        items = [each if each.by in OPEN else _behind_the_curtain(each) for each in seen]
        last = None if cursor is not None else await self.attempts.last(owner, actor.session)
        return Activity(items=items, next_cursor=found.next_cursor, last_sign_in=_last(last))


@dataclass(frozen=True, slots=True)
class ListActivityOf:
    """What happened to the account of somebody."""

    accounts: AccountReader
    attempts: AttemptReader
    audit: AuditReader

    async def __call__(
        self, actor: Actor, account_id: UUID, *, limit: int = 50, cursor: str | None = None
    ) -> Page[PersonActivityView]:
        """One page, newest first.

        :raises Forbidden: the actor may not read about people.
        :raises AccountNotFound: there is none.
        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        await account_of(self.accounts, account_id)
        found = await _happened(self.attempts, self.audit, account_id, limit, cursor)
        return Page([_staff_view(account_id, each) for each in found.items], found.next_cursor)


async def _happened(
    attempts: AttemptReader, audit: AuditReader, account_id: UUID, limit: int, cursor: str | None
) -> Page[Attempt | AuditEntry]:
    before = None if cursor is None else decode_cursor(cursor, ByActivity).id
    tries = await attempts.attempts(account_id, limit + 1, before)
    acts = await audit.newest(str(account_id), limit + 1, before)
    found: list[Attempt | AuditEntry] = [*tries, *acts]
    found.sort(key=attrgetter("id"), reverse=True)
    more = len(found) > limit
    return Page(found[:limit], encode_cursor(ByActivity(found[limit - 1].id)) if more else None)


def _staff_view(account_id: UUID, found: Attempt | AuditEntry) -> PersonActivityView:
    seen = PersonActivityView(**asdict(_view(account_id, found)))
    if isinstance(found, Attempt):
        return seen
    return replace(seen, actor=found.actor, impersonator=found.impersonator)


def _view(account_id: UUID, found: Attempt | AuditEntry) -> ActivityView:
    return _of_attempt(found) if isinstance(found, Attempt) else _of_act(account_id, found)


def _of_attempt(attempt: Attempt) -> ActivityView:
    return ActivityView(
        id=attempt.id,
        at=attempt.at,
        by=ActivityBy.STAFF if attempt.method is SignInMethod.IMPERSONATION else None,
        method=attempt.method,
        outcome=attempt.outcome,
        session_id=attempt.session_id,
        address=attempt.address,
        agent=attempt.agent,
    )


def _of_act(account_id: UUID, act: AuditEntry) -> ActivityView:
    return ActivityView(
        id=act.id,
        at=act.at,
        by=_by(account_id, act),
        action=act.action,
        details=act.details,
        address=act.origin.address,
        agent=act.origin.agent,
    )


def _by(account_id: UUID, act: AuditEntry) -> ActivityBy:
    if act.impersonator is None and act.actor == f"user:{account_id}":
        return ActivityBy.SELF
    if act.actor == ANONYMOUS.name:
        return ActivityBy.LETTER
    return ActivityBy.STAFF if act.actor.startswith("user:") else ActivityBy.SOTY


def _behind_the_curtain(found: ActivityView) -> ActivityView:
    return replace(found, details={}, address="", agent="")


def _last(attempt: Attempt | None) -> LastSignIn | None:
    if attempt is None:
        return None
    return LastSignIn(at=attempt.at, method=attempt.method, address=attempt.address, agent=attempt.agent)
