"""Look at one's second factor."""

from dataclasses import dataclass

from core.identity.factors import FactorReader, SecondFactorView
from core.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class GetSecondFactor:
    """The second factor of the caller."""

    reader: FactorReader

    async def __call__(self, actor: Actor) -> SecondFactorView:
        """Whether there is one in force, and how many recovery codes are left.

        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises VerificationNeeded: the caller has to verify an address first.
        """
        return await self.reader.second_factor(actor.person())
