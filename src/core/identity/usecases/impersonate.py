"""Act as somebody else, to see what he sees."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core.identity.api import AccountStatus, SessionKind, SignedIn, SignInMethod, SignInOutcome
from core.identity.domain.errors import NotToBeImpersonated
from core.identity.domain.session import RefreshToken, Session, digest
from core.identity.permissions import IMPERSONATE
from core.identity.ports import IdentityWork
from core.identity.rights import Rights
from core.identity.secrets import Mint, TokenSigner
from core.identity.traces import attempt_of
from core.identity.usecases.begin_session import cookie_token, granted
from core.identity.usecases.watch_over_people import held_person
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Impersonate:
    """Begin a session as another person, which lasts an hour and may do nothing that asks for a proof."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    mint: Mint
    signer: TokenSigner
    rights: Rights

    async def __call__(self, actor: Actor, account_id: UUID, *, reason: str, in_browser: bool = False) -> SignedIn:
        """Begin it; whatever is done in it is noted under both names.

        :param reason: for the trail.
        :param in_browser: whether a cookie carries it, which nothing renews; tokens do else.
        :raises Forbidden: the actor may not impersonate.
        :raises PersonNeeded: a service calls.
        :raises ProofNeeded: the actor proved too long ago who it is, or acts as somebody else already.
        :raises AccountNotFound: there is none.
        :raises AboveSelf: the account may do what the actor may not.
        :raises NotToBeImpersonated: it is the actor's own, or cannot be used.
        """
        actor.require(IMPERSONATE)
        now, token = self.clock.now(), self.mint.token()
        staff = actor.require_proof(now)
        session = Session(
            id=self.ids.new(),
            account_id=account_id,
            kind=SessionKind.IMPERSONATION,
            created_at=now,
            used_at=now,
            proven_at=None,
            expires_at=now + HOUR,
            token_hash=digest(cookie_token(self.mint, token)) if in_browser else None,
            address=actor.origin.address,
            agent=actor.origin.agent,
            impersonator_id=staff,
        )

        async def attempt() -> None:
            async with self.work() as work:
                account, _ = await held_person(work, self.rights, actor, account_id)
                if account_id == staff or account.status is not AccountStatus.ACTIVE:
                    raise NotToBeImpersonated
                await work.sessions.add(session)
                if not in_browser:
                    first = RefreshToken(hash=digest(token), session_id=session.id, created_at=now)
                    await work.refresh_tokens.add(first)
                begun = (SignInOutcome.SIGNED_IN, SignInMethod.IMPERSONATION, account_id, session.id)
                await work.attempts.add(attempt_of(actor, self.ids, now, *begun))
                entry = act_of(actor, "identity.impersonate", account_id, self.ids, self.clock, reason=reason)
                await work.audit.record([entry])

        await again_if_contended(attempt)
        return granted(session, token, self.mint, self.signer, self.ids, now)
