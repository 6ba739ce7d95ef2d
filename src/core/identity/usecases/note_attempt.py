"""Note a try to sign in that was in vain."""

from dataclasses import dataclass
from uuid import UUID

from core.identity.api import SignInMethod, SignInOutcome
from core.identity.ports import IdentityWork
from core.identity.traces import attempt_of
from core.kernel.actor import Actor
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork


@dataclass(frozen=True, slots=True)
class NoteAttempt:
    """Keep it in a unit of work of its own, the same for accounts that there are and that there are not."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids

    async def __call__(
        self, actor: Actor, outcome: SignInOutcome, method: SignInMethod, account_id: UUID | None
    ) -> None:
        """Note one.

        :param account_id: None where the name belongs to nobody; the name itself is not kept.
        """
        async with self.work() as work:
            await work.attempts.add(attempt_of(actor, self.ids, self.clock.now(), outcome, method, account_id))
