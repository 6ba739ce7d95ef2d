"""Know whose session a call belongs to."""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

import msgspec

from core.identity.cache_keys import session_key
from core.identity.domain.session import GRACE, TOUCHED, Session, digest
from core.identity.secrets import BadToken, TokenSigner
from core.identity.sessions import SessionReader
from core.identity.traces import LastSeen
from core.identity.usecases.find_authority import FindAuthority, Known
from core.kernel.actor import Actor, ActorKind
from core.kernel.auth import Credential, Scheme
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.errors import Unauthenticated

_DECODER = msgspec.json.Decoder(Known[Session] | None)


@dataclass(frozen=True, slots=True)
class IdentifyPerson:
    """Turn a signed token or a cookie into a person, as long as the session behind it lives."""

    signer: TokenSigner
    sessions: SessionReader
    authority: FindAuthority
    cache: Cache
    clock: Clock
    seen: LastSeen

    async def __call__(self, actor: Actor, credential: Credential) -> Actor:
        """The person behind a credential.

        :raises Unauthenticated: it is not one of ours, or its session has ended.
        """
        if credential.scheme is Scheme.COOKIE:
            session_id, secret = _read_cookie(credential.value)
        else:
            session_id, secret = self._read_token(credential.value), None
        key = session_key(session_id)
        known = _DECODER.decode(await self.cache.get(key, lambda: self._load(actor, session_id)))
        now = self.clock.now()
        if known is None or not known.active or known.bearer.ending(now) is not None:
            raise Unauthenticated
        if not _carries(known.bearer, secret, now):
            raise Unauthenticated
        if now - known.bearer.used_at > TOUCHED:
            self.seen.note(session_id, now)
        return _person(known, actor)

    def _read_token(self, token: str) -> UUID:
        try:
            return UUID(str(self.signer.read(token)["sid"]))
        except (BadToken, KeyError, ValueError):
            raise Unauthenticated from None

    async def _load(self, actor: Actor, session_id: UUID) -> bytes:
        return await self.authority.of_bearer(actor, await self.sessions.session(session_id))


def _read_cookie(value: str) -> tuple[UUID, bytes]:
    session_id, _, secret = value.partition(".")
    try:
        return UUID(hex=session_id), digest(secret)
    except ValueError:
        raise Unauthenticated from None


def _carries(session: Session, secret: bytes | None, now: datetime) -> bool:
    """Whether a session may be carried so; the cookie before the newest is good for as long as a race may last."""
    if (session.token_hash is None) is not (secret is None):
        return False
    if secret is None or compare_digest(session.token_hash or b"", secret):
        return True
    is_recent = session.rotated_at is not None and now - session.rotated_at <= GRACE
    return is_recent and compare_digest(session.old_token_hash or b"", secret)


def _person(known: Known[Session], actor: Actor) -> Actor:
    session = known.bearer
    return Actor(
        ActorKind.USER,
        f"user:{session.account_id}",
        known.permissions if known.verified else frozenset(),
        account=session.account_id,
        session=session.id,
        impersonator=session.impersonator_id,
        proven_at=session.proven_at,
        origin=actor.origin,
        limited=not known.verified,
        withheld=known.withheld,
        networks=known.networks,
    )
