"""Make one-time codes, send them, and take them back."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from core.identity.domain.code import LIFETIME, Code, CodePurpose
from core.identity.ports import IdentityWork
from core.identity.secrets import Mint
from core.kernel.actor import Actor
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.seal import Seal
from core.notifications.events import letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A letter with a code: to whom, about what, and what for.

    ``path`` is the page that the link leads to; without one there is no link, and without ``digits`` no code.
    """

    letter: str
    purpose: CodePurpose
    to: str
    language: str
    target: str
    account_id: UUID | None = None
    path: str | None = None
    digits: bool = True
    lifetime: timedelta = LIFETIME
    params: dict[str, str] = field(default_factory=dict)
    bound_to: str = ""


@dataclass(frozen=True, slots=True)
class SendCode:
    """Put a new code in the place of the one before, and ask for the letter that brings it."""

    mint: Mint
    ids: Ids
    clock: Clock
    seal: Seal

    async def __call__(self, actor: Actor, work: IdentityWork, errand: Errand) -> Code:
        """Send one code with the commit of a unit of work.

        :returns: what is kept of it.
        """
        now, code_id = self.clock.now(), self.ids.new()
        digits = self.mint.digits() if errand.digits else None
        token = None if errand.path is None else self.mint.token()
        code = Code(
            id=code_id,
            purpose=errand.purpose,
            target=errand.target,
            created_at=now,
            expires_at=now + errand.lifetime,
            account_id=errand.account_id,
            secret_hash=None if digits is None else digits_hash(self.mint, code_id, digits),
            link_hash=None if token is None else link_hash(token),
            bound_to=errand.bound_to,
        )
        await work.codes.put(code)
        secrets = {} if digits is None else {"code": digits}
        if token is not None:
            secrets["link"] = f"{errand.path}?token={token}"
        params = {"minutes": str(int(errand.lifetime.total_seconds() // 60)), **errand.params}
        work.publish(
            letter(self.seal, errand.letter, to=errand.to, language=errand.language, params=params, secrets=secrets)
        )
        return code


class Proof(NamedTuple):
    """What somebody shows: the token of a link, or six digits and for which account they are."""

    token: str | None = None
    digits: str | None = None
    account_id: UUID | None = None


async def spend(work: IdentityWork, mint: Mint, purpose: CodePurpose, proof: Proof, now: datetime) -> Code | None:
    """Use up the code of a purpose that somebody shows; one in vain counts, so that the caller commits in any case.

    :returns: the code; None when it was not the right one, or can be used no more.
    """
    if proof.token is not None:
        code = await work.codes.of_link(purpose, link_hash(proof.token))
        right = True
    elif proof.account_id is not None:
        code = await work.codes.of_account(purpose, proof.account_id)
        right = code is not None and fits(mint, code, proof.digits or "")
    else:
        return None
    if code is None or not code.is_live(now):
        return None
    await work.codes.save(replace(code, used_at=now) if right else replace(code, tries=code.tries + 1))
    return code if right else None


def digits_hash(mint: Mint, code_id: UUID, digits: str) -> bytes:
    """What is kept of six digits: a keyed hash, since anybody could try them all."""
    return mint.derive("code", f"{code_id}:{digits}").encode()


def link_hash(token: str) -> bytes:
    """What is kept of the token of a link."""
    return sha256(token.encode()).digest()


def fits(mint: Mint, code: Code, digits: str) -> bool:
    """Whether six digits are those of a code, whichever of its keys the mint had when they were sent."""
    kept = code.secret_hash
    return kept is not None and any(compare_digest(kept, digits_hash(each, code.id, digits)) for each in mint.all())
