"""Read what is kept of oneself and shown nowhere else, to take it along."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from core.identity.api import SignInMethod, SignInOutcome
from core.identity.positions import ByActivity
from core.identity.roles import RoleReader
from core.identity.telegram import TelegramLink, TelegramReader
from core.identity.traces import Attempt, AttemptReader
from core.kernel.actor import Actor
from core.kernel.audit import AuditEntry, AuditReader
from core.kernel.paging import Page, decode_cursor, encode_cursor


class By(StrEnum):
    """Who did something to an account: its owner, Soty, or somebody of the staff, who is named to nobody outside."""

    YOU = "you"
    STAFF = "staff"
    SOTY = "soty"


class OwnAct(msgspec.Struct, frozen=True):
    """What was done to one's account; where from is told of one's own acts alone."""

    at: datetime
    by: By
    action: str
    details: dict[str, Any]
    address: str | None
    agent: str | None


class OwnSignIn(msgspec.Struct, frozen=True):
    """A try to sign in to one's account; where from is not told of the staff that acts in one's name."""

    at: datetime
    method: SignInMethod
    outcome: SignInOutcome
    session_id: UUID | None
    address: str | None
    agent: str | None


class OwnRoleChange(msgspec.Struct, frozen=True):
    """That one was given a role, or lost it."""

    at: datetime
    role: str
    given: bool
    by: By


def _by(actor: str, impersonator: str | None, own: str) -> By:
    if impersonator is not None:
        return By.STAFF
    if actor == own:
        return By.YOU
    return By.STAFF if actor.startswith("user:") else By.SOTY


@dataclass(frozen=True, slots=True)
class ListOwnActs:
    """What the trail tells of one's account."""

    audit: AuditReader

    async def __call__(self, actor: Actor) -> list[OwnAct]:
        """All of it, oldest first.

        :raises PersonNeeded: a service asks.
        """
        account_id = actor.person()
        own = f"user:{account_id}"
        return [_own_act(each, own) for each in await self.audit.entries(str(account_id))]


def _own_act(entry: AuditEntry, own: str) -> OwnAct:
    by = _by(entry.actor, entry.impersonator, own)
    origin = entry.origin if by is By.YOU else None
    return OwnAct(
        entry.at,
        by,
        entry.action,
        entry.details,
        None if origin is None else origin.address,
        None if origin is None else origin.agent,
    )


@dataclass(frozen=True, slots=True)
class ListOwnSignIns:
    """Who tried to sign in to one's account."""

    attempts: AttemptReader

    async def __call__(self, actor: Actor, *, limit: int = 50, cursor: str | None = None) -> Page[OwnSignIn]:
        """One page of tries, the last first.

        :raises PersonNeeded: a service asks.
        :raises InvalidCursor: not a cursor of this list.
        """
        before = None if cursor is None else decode_cursor(cursor, ByActivity).id
        found = await self.attempts.attempts(actor.person(), limit, before)
        further = encode_cursor(ByActivity(found[-1].id)) if len(found) == limit else None
        return Page([_own_sign_in(each) for each in found], further)


def _own_sign_in(attempt: Attempt) -> OwnSignIn:
    of_staff = attempt.method is SignInMethod.IMPERSONATION
    return OwnSignIn(
        attempt.at,
        attempt.method,
        attempt.outcome,
        attempt.session_id,
        None if of_staff else attempt.address,
        None if of_staff else attempt.agent,
    )


@dataclass(frozen=True, slots=True)
class ListOwnRoleChanges:
    """How one's roles came to be."""

    roles: RoleReader

    async def __call__(self, actor: Actor, *, limit: int = 50, cursor: str | None = None) -> Page[OwnRoleChange]:
        """One page of changes, the last first.

        :raises PersonNeeded: a service asks.
        :raises InvalidCursor: not a cursor of this list.
        """
        account_id = actor.person()
        page = await self.roles.changes(account_id, limit, cursor)
        own = f"user:{account_id}"
        items = [OwnRoleChange(each.at, each.role, each.given, _by(each.by, None, own)) for each in page.items]
        return Page(items, page.next_cursor)


@dataclass(frozen=True, slots=True)
class GetOwnTelegram:
    """The user of Telegram that one's account belongs to."""

    links: TelegramReader

    async def __call__(self, actor: Actor) -> TelegramLink | None:
        """The link; None without one.

        :raises PersonNeeded: a service asks.
        """
        return await self.links.of_account(actor.person())
