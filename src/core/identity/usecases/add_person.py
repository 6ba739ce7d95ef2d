"""Make an account for somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from core.identity.contacts import Contacts
from core.identity.domain.account import Account, Newcomer
from core.identity.domain.errors import NameTaken
from core.identity.domain.passwords import context_of
from core.identity.permissions import EDIT
from core.identity.ports import IdentityWork
from core.identity.rights import OWNER, PersonView, Rights, Role, RoleChange
from core.identity.usecases.accept_password import AcceptPassword
from core.identity.usecases.change_roles import found_roles
from core.identity.usecases.register import named
from core.identity.usecases.stay_below import person_view, prove_staff, refuse_above
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class AddPerson:
    """Make an account whose address counts as verified, since staff vouches for it."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    contacts: Contacts
    accept: AcceptPassword
    rights: Rights

    async def __call__(
        self,
        actor: Actor,
        *,
        login: str,
        password: str | None = None,
        roles: Sequence[str] = (),
        language: str = "en",
        only_first: bool = False,
    ) -> PersonView | None:
        """Make it.

        :param login: an address, a number that begins with a plus sign, or a username.
        :param password: None: its owner sets one by a letter before the first sign-in.
        :param roles: names of roles that it gets at once.
        :param only_first: does nothing where there is an owner.
        :returns: None where there is an owner, and it is to be the first.
        :raises Forbidden: the actor may not edit people.
        :raises ProofNeeded: it proved too long ago who it is.
        :raises WrongFields: the name or the password is refused.
        :raises RoleUnknown: there is no such role.
        :raises AboveSelf: one of the roles may do what the actor may not.
        :raises NameTaken: an account has the name.
        """
        actor.require(EDIT)
        prove_staff(actor, self.clock.now())
        newcomer = replace(named(self.contacts, login), language=language)
        if password is not None:
            kept = await self.accept(actor, password, context=context_of(newcomer))
            newcomer = replace(newcomer, password_hash=kept)

        async def attempt() -> PersonView | None:
            async with self.work() as work:
                if only_first and await work.holders.with_role(OWNER):
                    return None
                return await self._add(work, actor, newcomer, roles)

        return await again_if_contended(attempt)

    async def _add(self, work: IdentityWork, actor: Actor, newcomer: Newcomer, names: Sequence[str]) -> PersonView:
        given = await found_roles(work, self.rights, names)
        refuse_above(actor, self.rights.permitted(given))
        account = self._account(newcomer)
        if not await work.accounts.add(account):
            raise NameTaken
        await work.holders.give([self._noted(actor, account, role) for role in given])
        roles = [role.name for role in given]
        entry = act_of(actor, "identity.person.add", account.id, self.ids, self.clock, roles=roles)
        await work.audit.record([entry])
        return person_view(account, given, self.rights)

    def _account(self, newcomer: Newcomer) -> Account:
        now = self.clock.now()
        account = Account(id=self.ids.new(), created_at=now, **msgspec.structs.asdict(newcomer))
        return replace(
            account,
            email_verified_at=None if account.email is None else now,
            phone_verified_at=None if account.phone is None else now,
        )

    def _noted(self, actor: Actor, account: Account, role: Role) -> RoleChange:
        return RoleChange(self.ids.new(), account.id, role.id, role.name, True, actor.name, self.clock.now())
