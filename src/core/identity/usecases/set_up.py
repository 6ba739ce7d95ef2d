"""Let the first owner in by a link that is shown at start."""

from dataclasses import dataclass
from datetime import timedelta

from core.identity.domain.code import Code, CodePurpose
from core.identity.domain.refusals import CodeRefused
from core.identity.ports import IdentityWork
from core.identity.rights import OWNER, PersonView
from core.identity.secrets import Mint
from core.identity.usecases.add_person import AddPerson
from core.identity.usecases.send_code import Proof, link_hash, spend
from core.kernel.actor import Actor, system_actor
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended

PAGE = "/setup"
DAY = timedelta(days=1)
_TARGET = "owner"


@dataclass(frozen=True, slots=True)
class OfferSetUp:
    """Make a link with which somebody becomes the first owner."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    mint: Mint

    async def __call__(self, actor: Actor) -> str | None:
        """Make one in the place of the one before; it is good for a day, and once.

        :returns: the path of the page with its token; None where there is an owner.
        """
        token, now = self.mint.token(), self.clock.now()
        code = Code(
            id=self.ids.new(),
            purpose=CodePurpose.SETUP,
            target=_TARGET,
            created_at=now,
            expires_at=now + DAY,
            link_hash=link_hash(token),
        )

        async def attempt() -> str | None:
            async with self.work() as work:
                if await work.holders.with_role(OWNER):
                    return None
                await work.codes.put(code)
            return f"{PAGE}?token={token}"

        return await again_if_contended(attempt)


@dataclass(frozen=True, slots=True)
class SetUp:
    """Become the first owner by the link that was shown at start."""

    work: OpenWork[IdentityWork]
    clock: Clock
    mint: Mint
    add: AddPerson

    async def __call__(self, actor: Actor, *, token: str, login: str, password: str, language: str) -> PersonView:
        """Make the account; the link is used up by it, and not by a refusal of the name or the password.

        :raises CodeRefused: the link is another, was used, or is too old, or there is an owner.
        :raises WrongFields: the name or the password is refused.
        :raises NameTaken: an account has the name.
        """
        async with self.work() as work:
            code = await work.codes.of_link(CodePurpose.SETUP, link_hash(token))
        if code is None or not code.is_live(self.clock.now()):
            raise CodeRefused
        owner = await self.add(
            system_actor("set-up"), login=login, password=password, roles=["owner"], language=language, only_first=True
        )
        await again_if_contended(lambda: self._spend(token))
        if owner is None:
            raise CodeRefused
        return owner

    async def _spend(self, token: str) -> None:
        async with self.work() as work:
            await spend(work, self.mint, CodePurpose.SETUP, Proof(token), self.clock.now())
