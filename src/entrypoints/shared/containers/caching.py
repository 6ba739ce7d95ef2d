"""Where processes over one database keep hot reads and count limits: in Redis, or each without."""

import msgspec
from dishka import Provider, Scope, decorate, provide

from adapters.memory.provider import LocalLimitsProvider, NoCacheProvider
from adapters.redis.cache import RedisCache
from adapters.redis.health import RedisHealth
from adapters.redis.limits import RedisRateLimiter
from adapters.redis.link import Link
from adapters.redis.provider import RedisCacheProvider, RedisProvider
from adapters.redis.settings import RedisSettings
from core.kernel.health import HealthCheck
from entrypoints.shared.metrics import Metrics
from entrypoints.shared.settings import Settings


class CacheChecks(msgspec.Struct, frozen=True):
    """What readiness asks about the cache."""

    checks: tuple[HealthCheck, ...] = ()


class WithRedis(Provider):
    """Readiness tells of Redis, and so do the numbers."""

    scope = Scope.APP

    @provide
    def checks(self, redis: RedisHealth, link: Link, limits: RedisRateLimiter, metrics: Metrics) -> CacheChecks:
        """Redis, which the process can do without."""
        metrics.read(
            "soty_redis_trouble",
            "Calls of Redis that failed, and attempts that were counted without it.",
            "kind",
            lambda: {"failed_call": link.failures, "counted_alone": limits.counted_alone},
        )
        return CacheChecks((redis,))


class WithCache(Provider):
    """The numbers tell of the cache."""

    scope = Scope.APP

    @decorate
    def checks(self, checks: CacheChecks, cache: RedisCache, metrics: Metrics) -> CacheChecks:
        """Nothing more is asked."""
        seen = cache.seen
        metrics.read(
            "soty_cache_reads",
            "Reads by what answered them: an entry, a load that was to be kept, or a load without Redis.",
            "outcome",
            lambda: {"hit": seen.hits, "miss": seen.misses, "bypass": seen.bypassed},
        )
        metrics.read(
            "soty_cache_puts_refused",
            "Loads that were not kept.",
            "reason",
            lambda: {"stale": seen.stale},
        )
        return checks


def caching(settings: Settings) -> list[Provider]:
    """Providers of the cache, of limits and of their checks.

    :param settings: of the process; without an address of Redis it does without.
    """
    given = Provider(scope=Scope.APP)
    if settings.redis.url is None:
        given.provide(lambda: CacheChecks(()), provides=CacheChecks)
        return [given, NoCacheProvider(), LocalLimitsProvider()]
    given.provide(lambda: settings.redis, provides=RedisSettings)
    cache = [RedisCacheProvider(), WithCache()] if settings.redis.cache else [NoCacheProvider()]
    return [given, WithRedis(), RedisProvider(), *cache]
