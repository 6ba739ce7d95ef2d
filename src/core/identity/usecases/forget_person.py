"""Make what one account may do be read anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.identity.keys import ApiKeyReader
from core.identity.ports import IdentityWork
from core.identity.usecases.stay_below import forget_people
from core.kernel.actor import Actor
from core.kernel.cache import Cache
from core.kernel.work import OpenWork


@dataclass(frozen=True, slots=True)
class ForgetPerson:
    """Forget what is cached about the sessions and the API keys of an account."""

    cache: Cache
    work: OpenWork[IdentityWork]
    keys: ApiKeyReader

    async def __call__(self, actor: Actor, account_id: UUID, session_ids: Sequence[UUID]) -> None:
        """Forget it; to be called after the commit and before the answer.

        :param session_ids: of the sessions of the account that live.
        """
        await forget_people(self.cache, self.work, self.keys, [account_id], session_ids)
