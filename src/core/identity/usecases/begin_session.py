"""Begin a session of somebody who has proven who it is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from core.identity.api import AccountStatus, Challenge, SessionKind, SignedIn, SignInMethod, SignInOutcome
from core.identity.domain.account import Account
from core.identity.domain.code import Code, CodePurpose
from core.identity.domain.places import Place, is_new_place
from core.identity.domain.refusals import AccountBlocked, AccountDeleted, NetworkRefused, WrongCredentials
from core.identity.domain.session import (
    ABSOLUTE,
    ACCESS_SECONDS,
    STAFF_ABSOLUTE,
    RefreshToken,
    Session,
    digest,
)
from core.identity.domain.totp import CHALLENGE_LIFETIME
from core.identity.grants import Grants
from core.identity.ports import IdentityWork
from core.identity.secrets import Mint, TokenSigner
from core.identity.traces import attempt_of
from core.identity.usecases.send_code import link_hash
from core.identity.usecases.stay_inside import refuse_elsewhere
from core.kernel.actor import Actor
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended
from core.notifications.events import LetterWanted

_REFUSED: dict[type[Exception], SignInOutcome] = {
    AccountBlocked: SignInOutcome.BLOCKED,
    AccountDeleted: SignInOutcome.DELETED,
    NetworkRefused: SignInOutcome.NETWORK_REFUSED,
}


@dataclass(frozen=True, slots=True)
class BeginSession:
    """Begin a session with an id and tokens that nobody knew before; or ask for the second factor first."""

    work: OpenWork[IdentityWork]
    mint: Mint
    ids: Ids
    clock: Clock
    signer: TokenSigner
    grants: Grants

    async def __call__(
        self,
        actor: Actor,
        seen: Account,
        kind: SessionKind,
        method: SignInMethod,
        *,
        second_factor: bool = False,
        rehashed: str | None = None,
    ) -> SignedIn | Challenge:
        """Begin one session; it is noted with it, and so is why there is none.

        :param seen: the account as it was when its person proved who it is.
        :param method: what was shown last.
        :param second_factor: whether one was shown.
        :param rehashed: its password, hashed as it should be by now.
        :raises WrongCredentials: the password was changed in between.
        :raises AccountBlocked: the account may not be used.
        :raises AccountDeleted: it was deleted.
        :raises NetworkRefused: it may not be used from where the call comes.
        """
        now = self.clock.now()
        token = self.mint.token()
        session = await self._session(actor, seen.id, kind, token, now)
        place = Place(session.agent, session.address)

        async def note(work: IdentityWork, outcome: SignInOutcome, session_id: UUID | None = None) -> None:
            await work.attempts.add(attempt_of(actor, self.ids, now, outcome, method, seen.id, session_id))

        async def attempt() -> Session | Challenge:
            async with self.work() as work:
                account = await self._usable(work, actor, seen)
                if rehashed is not None:
                    await work.accounts.save(replace(account, password_hash=rehashed))
                if not second_factor and await has_second_factor(work, account.id):
                    await note(work, SignInOutcome.SECOND_FACTOR_ASKED)
                    return await self._challenge(work, account, kind, now)
                if is_new_place(place, await work.attempts.places(account.id), now - account.created_at):
                    _tell_of_new_place(work, account, place)
                await work.sessions.add(session)
                first = RefreshToken(hash=digest(token), session_id=session.id, created_at=now)
                await work.refresh_tokens.add(first)
                await note(work, SignInOutcome.SIGNED_IN, session.id)
                return session

        try:
            begun = await again_if_contended(attempt)
        except tuple(_REFUSED) as refusal:
            async with self.work() as work:
                await note(work, _REFUSED[type(refusal)])
            raise
        if isinstance(begun, Challenge):
            return begun
        return granted(begun, token, self.mint, self.signer, self.ids, now)

    async def _usable(self, work: IdentityWork, actor: Actor, seen: Account) -> Account:
        account = await work.accounts.lock(seen.id)
        if account is None or account.password_hash != seen.password_hash:
            raise WrongCredentials
        if account.status is AccountStatus.BLOCKED:
            raise AccountBlocked(reason=account.blocked_reason or "")
        if account.status is AccountStatus.DELETED:
            raise AccountDeleted
        await refuse_elsewhere(work, actor, account.id)
        return account

    async def _session(self, actor: Actor, account_id: UUID, kind: SessionKind, token: str, now: datetime) -> Session:
        """What is to be kept; whoever has permissions that others lack is of the staff."""
        is_staff = bool(await self.grants.permissions_of(account_id))
        return Session(
            id=self.ids.new(),
            account_id=account_id,
            kind=kind,
            created_at=now,
            used_at=now,
            proven_at=now,
            expires_at=now + (STAFF_ABSOLUTE if is_staff else ABSOLUTE),
            token_hash=digest(cookie_token(self.mint, token)) if kind is SessionKind.COOKIE else None,
            address=actor.origin.address,
            agent=actor.origin.agent,
        )

    async def _challenge(self, work: IdentityWork, account: Account, kind: SessionKind, now: datetime) -> Challenge:
        token = self.mint.token()
        code = Code(
            id=self.ids.new(),
            purpose=CodePurpose.MFA_PENDING,
            target=kind.value,
            created_at=now,
            expires_at=now + CHALLENGE_LIFETIME,
            account_id=account.id,
            link_hash=link_hash(token),
        )
        await work.codes.put(code)
        return Challenge(token=token, expires_at=code.expires_at)


def _tell_of_new_place(work: IdentityWork, account: Account, place: Place) -> None:
    if account.email is not None and account.email_verified_at is not None:
        params = place._asdict()
        work.publish(
            LetterWanted(letter="identity.new_device", to=account.email, language=account.language, params=params)
        )


async def has_second_factor(work: IdentityWork, account_id: UUID) -> bool:
    """Whether an account asks for a second factor at sign-in."""
    totp = await work.factors.lock(account_id)
    return totp is not None and totp.confirmed_at is not None


def cookie_token(mint: Mint, refresh: str) -> str:
    """The secret of the cookie that belongs to a refresh token; who loses a race for the one gets the same other."""
    return mint.derive("cookie", refresh)


def granted(session: Session, refresh: str, mint: Mint, signer: TokenSigner, ids: Ids, now: datetime) -> SignedIn:
    """A session with all that carries it.

    :param refresh: its newest refresh token.
    """
    issued = int(now.timestamp())
    claims: dict[str, str | int] = {
        "sub": str(session.account_id),
        "sid": str(session.id),
        "jti": str(ids.new()),
        "iat": issued,
        "exp": issued + ACCESS_SECONDS,
    }
    return SignedIn(
        session_id=session.id,
        account_id=session.account_id,
        kind=session.kind,
        expires_at=session.expires_at,
        access_token=signer.sign(claims),
        expires_in=ACCESS_SECONDS,
        refresh_token=refresh,
        cookie=f"{session.id.hex}.{cookie_token(mint, refresh)}",
    )
