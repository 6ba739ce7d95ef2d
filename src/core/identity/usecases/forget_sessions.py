"""Make what was cached about sessions be read anew."""

from collections.abc import Iterable
from uuid import UUID

from core.identity.cache_keys import session_key
from core.kernel.cache import Cache


async def forget(cache: Cache, session_ids: Iterable[UUID]) -> None:
    """Forget what is known of sessions; to be called after the commit and before the answer."""
    if cache.keeps and (keys := [session_key(each) for each in session_ids]):
        await cache.forget(keys)
