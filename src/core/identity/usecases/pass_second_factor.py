"""Take a code of a generator, or one that replaces it."""

from dataclasses import dataclass
from uuid import UUID

from msgspec.structs import replace

from core.identity.domain.totp import recovery_digest
from core.identity.factors import CodeGenerator
from core.identity.ports import IdentityWork
from core.kernel.actor import Actor
from core.kernel.clock import Clock
from core.kernel.seal import BrokenSeal


@dataclass(frozen=True, slots=True)
class PassSecondFactor:
    """Use a code up, so that it never passes again."""

    generator: CodeGenerator
    clock: Clock

    async def __call__(self, actor: Actor, work: IdentityWork, account_id: UUID, code: str) -> bool:
        """Whether a code is right, which it is once and with the commit of a unit of work.

        Whoever shows a code of the generator has its secret sealed under the key of now. A secret whose key is gone has
        no code that is right; those that replace it still are.

        :param code: six digits of the generator, or a recovery code.
        """
        kept = await work.factors.lock(account_id)
        if kept is None or kept.confirmed_at is None:
            return False
        step = self._step(kept.sealed, code)
        if step is None:
            return await work.factors.use_recovery(account_id, recovery_digest(code))
        if step <= kept.last_step:
            return False
        await work.factors.put(replace(kept, last_step=step, sealed=self.generator.sealed_anew(kept.sealed)))
        return True

    def _step(self, sealed: str, code: str) -> int | None:
        try:
            return self.generator.step(sealed, code, self.clock.now())
        except BrokenSeal:
            return None
