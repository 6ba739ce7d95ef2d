"""The Redis adapter for the container."""

from collections.abc import AsyncIterator

from dishka import Provider, Scope, alias, provide

from adapters.redis.cache import RedisCache
from adapters.redis.health import RedisHealth
from adapters.redis.limits import RedisRateLimiter
from adapters.redis.link import Link, open_link
from adapters.redis.settings import RedisSettings
from core.kernel.cache import Cache
from core.kernel.limits import RateLimiter


class RedisProvider(Provider):
    """What goes through one link, which is closed with the container."""

    scope = Scope.APP

    health = provide(RedisHealth)
    counting = provide(RedisRateLimiter)
    limits = alias(RedisRateLimiter, provides=RateLimiter)

    @provide
    async def link(self, settings: RedisSettings) -> AsyncIterator[Link]:
        """The connections."""
        async with open_link(settings) as link:
            yield link


class RedisCacheProvider(Provider):
    """The cache over the same link."""

    scope = Scope.APP

    @provide
    async def cached(self, link: Link) -> AsyncIterator[RedisCache]:
        """The cache, with its tasks."""
        cache = RedisCache(link)
        yield cache
        await cache.close()

    @provide
    def cache(self, cached: RedisCache) -> Cache:
        """The port of it."""
        return cached
