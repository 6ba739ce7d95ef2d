"""Keep staff from reaching above themselves, and Soty from losing its last owner."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from core.identity.api import AccountStatus
from core.identity.domain.account import Account
from core.identity.domain.errors import AboveSelf
from core.identity.keys import ApiKeyReader
from core.identity.ports import IdentityWork
from core.identity.rights import OWNER, PersonView, Rights, Role
from core.identity.usecases.forget_sessions import forget
from core.kernel.actor import Actor, ActorKind
from core.kernel.cache import Cache
from core.kernel.work import OpenWork


def prove_staff(actor: Actor, now: datetime) -> None:
    """Let somebody of the staff go on who proved lately who it is; Soty's own processes need no proof.

    :raises PersonNeeded: a service calls.
    :raises ProofNeeded: the last proof is too old, or somebody acts as another.
    """
    if actor.kind is not ActorKind.SYSTEM:
        actor.require_proof(now)


def refuse_above(actor: Actor, permissions: frozenset[str]) -> None:
    """Let an actor deal with what it has itself.

    :raises AboveSelf: it lacks some of the permissions.
    """
    if actor.kind is not ActorKind.SYSTEM and (lacking := permissions - actor.permissions):
        raise AboveSelf(permissions=sorted(lacking))


async def is_last_owner(work: IdentityWork, account_id: UUID) -> bool:
    """Whether no other owner can be used; who is one is held, so this is to be called before any account is."""
    owners = await work.holders.with_role(OWNER)
    if account_id not in owners:
        return False
    for each in owners:
        other = None if each == account_id else await work.accounts.lock(each)
        if other is not None and other.status is AccountStatus.ACTIVE:
            return False
    return True


def person_view(account: Account, roles: Iterable[Role], rights: Rights) -> PersonView:
    """An account as the staff sees it."""
    known = rights.completed(roles)
    return PersonView(
        id=account.id,
        email=account.email,
        username=account.username,
        phone=account.phone,
        verified=account.verified,
        status=account.status,
        blocked_reason=account.blocked_reason,
        delete_at=account.delete_at,
        language=account.language,
        timezone=account.timezone,
        created_at=account.created_at,
        version=account.version,
        roles=[role.name for role in known],
        permissions=sorted(rights.permitted(known)),
    )


async def forget_people(
    cache: Cache,
    work: OpenWork[IdentityWork],
    keys: ApiKeyReader,
    account_ids: Sequence[UUID],
    session_ids: Sequence[UUID],
) -> None:
    """Make what accounts may do be read anew at the next call; to be called after the commit and before the answer."""
    if not cache.keeps:
        return
    prefixes = [key.prefix for account_id in account_ids for key in await keys.of_account(account_id)]
    await forget(cache, work, session_ids, prefixes)
