"""Give people roles, and take them away."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from msgspec.structs import replace

from core.identity.domain.errors import AccountNotFound, LastOwner, RoleUnknown
from core.identity.keys import ApiKeyReader
from core.identity.permissions import ROLES
from core.identity.ports import IdentityWork
from core.identity.rights import OWNER, AccountRoles, Rights, Role, RoleChange
from core.identity.usecases.stay_below import forget_people, is_last_owner, prove_staff, refuse_above
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class ChangeRoles:
    """Give an account roles and take others away, all or none."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    cache: Cache
    keys: ApiKeyReader
    rights: Rights

    async def __call__(
        self, actor: Actor, account_id: UUID, *, give: Sequence[str] = (), take: Sequence[str] = ()
    ) -> AccountRoles:
        """Change the roles of an account, which holds at its very next call.

        :param give: names of roles; those that it has already change nothing.
        :param take: names of roles; those that it lacks change nothing, and one that is given too is taken.
        :raises Forbidden: the actor may not change roles.
        :raises ProofNeeded: it proved too long ago who it is.
        :raises AccountNotFound: there is none.
        :raises RoleUnknown: there is no such role.
        :raises AboveSelf: the account, or one of the roles, may do what the actor may not.
        :raises LastOwner: nobody else is an owner.
        """
        actor.require(ROLES)
        prove_staff(actor, self.clock.now())

        async def attempt() -> tuple[AccountRoles, list[UUID]]:
            async with self.work() as work:
                taken, given = await found_roles(work, self.rights, take), await found_roles(work, self.rights, give)
                gives_up = OWNER in {role.id for role in taken} and await is_last_owner(work, account_id)
                found = await self._change(work, actor, account_id, given, taken)
                if gives_up:
                    raise LastOwner
                return found

        found, sessions = await again_if_contended(attempt)
        await forget_people(self.cache, self.work, self.keys, [account_id], sessions)
        return found

    async def _change(
        self, work: IdentityWork, actor: Actor, account_id: UUID, given: list[Role], taken: list[Role]
    ) -> tuple[AccountRoles, list[UUID]]:
        account = await work.accounts.lock(account_id)
        if account is None:
            raise AccountNotFound(id=str(account_id))
        before = self.rights.completed(await work.holders.of(account_id))
        refuse_above(actor, self.rights.permitted([*before, *given, *taken]))
        gone = {role.id for role in taken}
        added = [role for role in given if role.id not in {*gone, *(held.id for held in before)}]
        lost = [role for role in before if role.id in gone]
        after = self.rights.completed([*(role for role in before if role.id not in gone), *added])
        if added or lost:
            await work.holders.give([self._noted(actor, account_id, role, given=True) for role in added])
            await work.holders.take([self._noted(actor, account_id, role, given=False) for role in lost])
            await work.accounts.save(replace(account, authz_version=account.authz_version + 1))
            names = {"before": [role.name for role in before], "after": [role.name for role in after]}
            await work.audit.record([act_of(actor, "identity.roles.change", account_id, self.ids, self.clock, **names)])
        sessions = await work.sessions.live(account_id)
        if lost:
            sessions += await work.impersonations.end_by(account_id, self.clock.now())
        return account_roles(account_id, after, self.rights), sessions

    def _noted(self, actor: Actor, account_id: UUID, role: Role, *, given: bool) -> RoleChange:
        return RoleChange(self.ids.new(), account_id, role.id, role.name, given, actor.name, self.clock.now())


def account_roles(account_id: UUID, roles: Sequence[Role], rights: Rights) -> AccountRoles:
    """The roles of an account as others see them."""
    completed = rights.completed(roles)
    return AccountRoles(account_id, [role.name for role in completed], sorted(rights.permitted(completed)))


async def found_roles(work: IdentityWork, rights: Rights, names: Sequence[str]) -> list[Role]:
    """Roles by name, held until the unit of work ends.

    :raises RoleUnknown: there is none of some name, or nobody can be given it.
    """
    built_in = [role for name in names if (role := rights.named(name)) is not None]
    found = [*built_in, *await work.roles.named([name for name in names if rights.named(name) is None])]
    if missing := sorted(set(names) - {role.name for role in found}):
        raise RoleUnknown(names=missing)
    return rights.completed(found)
