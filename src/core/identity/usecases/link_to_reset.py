"""Make a link to set another password, for whoever sits at the machine."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core.identity.domain.code import Code, CodePurpose
from core.identity.permissions import EDIT
from core.identity.ports import IdentityWork
from core.identity.rights import Rights
from core.identity.secrets import Mint
from core.identity.usecases.send_code import link_hash
from core.identity.usecases.stay_below import prove_staff
from core.identity.usecases.watch_over_people import held_person
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended

PAGE = "/reset-password"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LinkToReset:
    """Make a link with which somebody who gets no letter sets another password, as the link of a letter does."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    mint: Mint
    rights: Rights

    async def __call__(self, actor: Actor, account_id: UUID) -> str:
        """Make one in the place of the one before; it is good for an hour, and once.

        :returns: the path of the page with its token, which is kept nowhere.
        :raises Forbidden: the actor may not change people.
        :raises ProofNeeded: it proved too long ago who it is.
        :raises AccountNotFound: there is none.
        :raises AboveSelf: the account may do what the actor may not.
        """
        actor.require(EDIT)
        now, token = self.clock.now(), self.mint.token()
        prove_staff(actor, now)

        async def attempt() -> None:
            async with self.work() as work:
                await held_person(work, self.rights, actor, account_id)
                code = Code(
                    id=self.ids.new(),
                    purpose=CodePurpose.RESET_PASSWORD,
                    target=str(account_id),
                    created_at=now,
                    expires_at=now + HOUR,
                    account_id=account_id,
                    link_hash=link_hash(token),
                )
                await work.codes.put(code)
                entry = act_of(actor, "identity.password.link", account_id, self.ids, self.clock)
                await work.audit.record([entry])

        await again_if_contended(attempt)
        return f"{PAGE}?token={token}"
