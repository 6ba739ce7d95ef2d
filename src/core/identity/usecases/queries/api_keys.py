"""Look at one's API keys."""

from dataclasses import dataclass

from core.identity.keys import ApiKeyReader, ApiKeyView
from core.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class ListApiKeys:
    """The keys of the caller."""

    reader: ApiKeyReader

    async def __call__(self, actor: Actor) -> list[ApiKeyView]:
        """All of them, newest first; of the secrets nothing is kept that could be shown.

        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises VerificationNeeded: the caller has to verify an address first.
        """
        return await self.reader.of_account(actor.person())
