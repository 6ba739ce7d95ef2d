"""Judge a new password and hash it."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.identity.domain.passwords import COMMON, LEAST, composed, faults_of
from core.identity.secrets import BreachedPasswords, PasswordHasher
from core.kernel.actor import Actor
from core.kernel.wire import WrongFields


@dataclass(frozen=True, slots=True)
class AcceptPassword:
    """Take a password only if it is long and nobody else's."""

    hasher: PasswordHasher
    breached: BreachedPasswords

    async def __call__(
        self, actor: Actor, password: str, *, context: Iterable[str], least: int = LEAST, field: str = "password"
    ) -> str:
        """The hash of a password that passes.

        :param context: words that others know of its owner.
        :param least: characters that it must have.
        :param field: in which it was sent, for the refusal.
        :raises WrongFields: it does not pass.
        :raises Unavailable: too many ask at once.
        """
        wanted = composed(password)
        faults = faults_of(wanted, context, least=least)
        if not faults and await self.breached.knows(wanted):
            faults = [COMMON]
        if faults:
            raise WrongFields([{**fault, "field": f"/{field}"} for fault in faults])
        return await self.hasher.hash(wanted)
