"""Know whose API key a call was sent with."""

from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest

import msgspec

from core.identity.cache_keys import api_key_key
from core.identity.domain.api_keys import read
from core.identity.keys import ApiKey, ApiKeyReader
from core.identity.usecases.find_authority import FindAuthority, Known
from core.kernel.actor import Actor, ActorKind
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.errors import Unauthenticated

TOUCHED = timedelta(minutes=1)
"""How often at most it is noted that a key is in use."""


_DECODER = msgspec.json.Decoder(Known[ApiKey] | None)


@dataclass(frozen=True, slots=True)
class IdentifyByKey:
    """Turn an API key into its owner, who may do no more than the key and no more than himself."""

    keys: ApiKeyReader
    authority: FindAuthority
    cache: Cache
    clock: Clock

    async def __call__(self, actor: Actor, text: str) -> Actor:
        """The owner of a key, without a session and without any proof.

        :raises Unauthenticated: it is no key, was revoked or has expired, or its owner may not be here.
        """
        secret = read(text)
        if secret is None:
            raise Unauthenticated
        key = api_key_key(secret.prefix)
        known = _DECODER.decode(await self.cache.get(key, lambda: self._load(actor, secret.prefix)))
        now = self.clock.now()
        if known is None or not known.active or not compare_digest(known.bearer.digest, secret.digest):
            raise Unauthenticated
        view = known.bearer.view
        if view.expires_at is not None and view.expires_at <= now:
            raise Unauthenticated
        if view.used_at is None or now - view.used_at > TOUCHED:
            await self.keys.touch(view.id, now)
            await self.cache.forget([key])
        return _owner(known, actor)

    async def _load(self, actor: Actor, prefix: str) -> bytes:
        return await self.authority.of_bearer(actor, await self.keys.by_prefix(prefix))


def _owner(known: Known[ApiKey], actor: Actor) -> Actor:
    account_id, scopes = known.bearer.account_id, frozenset(known.bearer.view.scopes)
    return Actor(
        ActorKind.USER,
        f"user:{account_id}",
        known.permissions & scopes if known.verified else frozenset(),
        account=account_id,
        origin=actor.origin,
        limited=not known.verified,
        withheld=known.withheld & scopes,
        networks=known.networks,
    )
