"""Make roles of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.identity.domain.errors import PermissionUnknown, RoleBuiltIn, RoleInUse, RoleNameTaken, RoleNotFound
from core.identity.keys import ApiKeyReader
from core.identity.permissions import ROLES
from core.identity.ports import IdentityWork
from core.identity.rights import Rights, Role, RoleView
from core.identity.usecases.stay_below import forget_people, prove_staff, refuse_above
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class MakeRole:
    """Make a role out of permissions that one has."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    rights: Rights

    async def __call__(self, actor: Actor, *, name: str, permissions: Sequence[str]) -> RoleView:
        """Make a role that nobody has.

        :raises Forbidden: the actor may not change roles.
        :raises ProofNeeded: it proved too long ago who it is.
        :raises PermissionUnknown: no module declares one of the permissions.
        :raises AboveSelf: the actor lacks one of them.
        :raises RoleNameTaken: another role has the name.
        """
        actor.require(ROLES)
        prove_staff(actor, self.clock.now())
        role = Role(self.ids.new(), name, known(self.rights, permissions))
        refuse_above(actor, role.permissions)
        refuse_built_in_name(self.rights, name)

        async def attempt() -> None:
            async with self.work() as work:
                if not await work.roles.add(role):
                    raise RoleNameTaken(name=name)
                details = {"name": name, "permissions": sorted(role.permissions)}
                await work.audit.record([act_of(actor, "identity.role.make", role.id, self.ids, self.clock, **details)])

        await again_if_contended(attempt)
        return role.view()


@dataclass(frozen=True, slots=True)
class ChangeRole:
    """Give a role that was made here another name or other permissions."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    cache: Cache
    keys: ApiKeyReader
    rights: Rights

    async def __call__(
        self, actor: Actor, role_id: UUID, *, name: str | None = None, permissions: Sequence[str] | None = None
    ) -> RoleView:
        """Change it, which holds at the very next call of everybody who has it.

        :param name: None leaves it.
        :param permissions: None leaves them.
        :raises Forbidden: the actor may not change roles.
        :raises ProofNeeded: it proved too long ago who it is.
        :raises RoleNotFound: there is none.
        :raises RoleBuiltIn: it is built in.
        :raises PermissionUnknown: no module declares one of the permissions.
        :raises AboveSelf: the actor lacks one of those that it has or shall have.
        :raises RoleNameTaken: another role has the name.
        """
        actor.require(ROLES)
        prove_staff(actor, self.clock.now())
        refuse_built_in(self.rights, role_id)
        wanted = None if permissions is None else known(self.rights, permissions)
        if name is not None:
            refuse_built_in_name(self.rights, name)

        async def attempt() -> tuple[Role, list[UUID], list[UUID]]:
            async with self.work() as work:
                before = await held(work, role_id)
                after = Role(role_id, name or before.name, before.permissions if wanted is None else wanted)
                refuse_above(actor, (before.permissions & self.rights.universe) | after.permissions)
                if not await work.roles.change(after):
                    raise RoleNameTaken(name=after.name)
                details = {"before": _told(before), "after": _told(after)}
                await work.audit.record(
                    [act_of(actor, "identity.role.change", role_id, self.ids, self.clock, **details)]
                )
                holders = await work.holders.with_role(role_id)
                sessions = [each for holder in holders for each in await work.sessions.live(holder)]
                return after, holders, sessions

        after, holders, sessions = await again_if_contended(attempt)
        await forget_people(self.cache, self.work, self.keys, holders, sessions)
        return after.view()


@dataclass(frozen=True, slots=True)
class RemoveRole:
    """Remove a role that was made here."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    rights: Rights

    async def __call__(self, actor: Actor, role_id: UUID) -> None:
        """Remove a role that nobody has.

        :raises Forbidden: the actor may not change roles.
        :raises ProofNeeded: it proved too long ago who it is.
        :raises RoleNotFound: there is none.
        :raises RoleBuiltIn: it is built in.
        :raises RoleInUse: somebody has it.
        """
        actor.require(ROLES)
        prove_staff(actor, self.clock.now())
        refuse_built_in(self.rights, role_id)

        async def attempt() -> None:
            async with self.work() as work:
                role = await held(work, role_id)
                if holders := await work.holders.with_role(role_id):
                    raise RoleInUse(name=role.name, holders=len(holders))
                await work.roles.remove(role_id)
                await work.audit.record(
                    [act_of(actor, "identity.role.remove", role_id, self.ids, self.clock, before=_told(role))]
                )

        await again_if_contended(attempt)


def known(rights: Rights, permissions: Sequence[str]) -> frozenset[str]:
    """Permissions as a set.

    :raises PermissionUnknown: no module declares some of them.
    """
    if unknown := sorted(set(permissions) - rights.universe):
        raise PermissionUnknown(names=unknown)
    return frozenset(permissions)


def refuse_built_in(rights: Rights, role_id: UUID) -> None:
    """Leave alone what is built in.

    :raises RoleBuiltIn: the role is.
    """
    if any(role.id == role_id for role in rights.built_in):
        raise RoleBuiltIn(id=str(role_id))


def refuse_built_in_name(rights: Rights, name: str) -> None:
    """Leave names alone that are built in.

    :raises RoleNameTaken: the name is.
    """
    if any(role.name == name for role in rights.built_in):
        raise RoleNameTaken(name=name)


async def held(work: IdentityWork, role_id: UUID) -> Role:
    """A role that was made here, held until the unit of work ends.

    :raises RoleNotFound: there is none.
    """
    role = await work.roles.lock(role_id)
    if role is None:
        raise RoleNotFound(id=str(role_id))
    return role


def _told(role: Role) -> dict[str, object]:
    return {"name": role.name, "permissions": sorted(role.permissions)}
