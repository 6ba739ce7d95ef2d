"""Make and revoke API keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from core.identity.domain.api_keys import (
    LONGEST,
    MOST_KEYS,
    ApiKeyNotFound,
    ExpiryOutOfRange,
    ScopesNotHeld,
    TooManyApiKeys,
    read,
    written,
)
from core.identity.keys import ApiKey, ApiKeyView
from core.identity.ports import IdentityWork
from core.identity.secrets import Mint
from core.identity.usecases.forget_sessions import forget
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended


class NewApiKey(msgspec.Struct, frozen=True):
    """A key that was just made, and its text, which nobody can read again."""

    key: str
    view: ApiKeyView


@dataclass(frozen=True, slots=True)
class CreateApiKey:
    """Make a key that may do some of what its owner may, while he may."""

    work: OpenWork[IdentityWork]
    mint: Mint
    clock: Clock
    ids: Ids

    async def __call__(
        self, actor: Actor, name: str, scopes: Sequence[str], expires_at: datetime | None = None
    ) -> NewApiKey:
        """Make a key.

        :param name: by which the owner knows it.
        :param scopes: permissions of the owner; without any it may do what needs none.
        :param expires_at: None for a key that holds until it is revoked.
        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises VerificationNeeded: the caller has to verify an address first.
        :raises ProofNeeded: the caller proved too long ago who he is.
        :raises ScopesNotHeld: the owner has not all of the permissions.
        :raises ExpiryOutOfRange: it would have expired already, or only after ten years.
        :raises TooManyApiKeys: the account has 50 of them.
        """
        now = self.clock.now()
        account_id = actor.require_proof(now)
        if beyond := sorted(set(scopes) - actor.permissions):
            raise ScopesNotHeld(scopes=beyond)
        if expires_at is not None and not now < expires_at <= now + LONGEST:
            raise ExpiryOutOfRange(field="expires_at")

        async def attempt() -> NewApiKey:
            text = written(key_id := self.ids.new(), self.mint.token())
            secret = read(text)
            assert secret is not None
            view = ApiKeyView(
                id=key_id,
                name=name,
                prefix=secret.prefix,
                scopes=sorted(set(scopes)),
                created_at=now,
                expires_at=expires_at,
                used_at=None,
            )
            async with self.work() as work:
                await work.accounts.lock(account_id)
                if not await work.keys.add(ApiKey(account_id=account_id, digest=secret.digest, view=view), MOST_KEYS):
                    raise TooManyApiKeys(limit=MOST_KEYS)
                told = {"key": str(key_id), "prefix": view.prefix, "scopes": view.scopes}
                await work.audit.record(
                    [act_of(actor, "identity.api_key.create", account_id, self.ids, self.clock, **told)]
                )
            return NewApiKey(text, view)

        return await again_if_contended(attempt)


@dataclass(frozen=True, slots=True)
class RevokeApiKey:
    """End a key of one's own."""

    work: OpenWork[IdentityWork]
    cache: Cache
    clock: Clock
    ids: Ids

    async def __call__(self, actor: Actor, key_id: UUID) -> None:
        """Revoke a key; the next call with it is refused.

        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises VerificationNeeded: the caller has to verify an address first.
        :raises ApiKeyNotFound: the caller has no such key.
        """
        account_id = actor.person()
        async with self.work() as work:
            view = await work.keys.revoke(account_id, key_id)
            if view is None:
                raise ApiKeyNotFound(id=str(key_id))
            told = {"key": str(key_id), "prefix": view.prefix}
            await work.audit.record(
                [act_of(actor, "identity.api_key.revoke", account_id, self.ids, self.clock, **told)]
            )
        await forget(self.cache, self.work, [], [view.prefix])
