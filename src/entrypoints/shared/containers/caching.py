"""Where processes over one database keep hot reads and count limits: in Redis, or each without."""

import msgspec
from dishka import Provider, Scope, provide

from adapters.memory.provider import LocalLimitsProvider, NoCacheProvider
from adapters.redis.health import RedisHealth
from adapters.redis.provider import RedisCacheProvider, RedisProvider
from adapters.redis.settings import RedisSettings
from core.kernel.health import HealthCheck
from entrypoints.shared.settings import Settings


class CacheChecks(msgspec.Struct, frozen=True):
    """What readiness asks about the cache."""

    checks: tuple[HealthCheck, ...] = ()


class WithRedis(Provider):
    """Readiness tells of Redis."""

    scope = Scope.APP

    @provide
    def checks(self, redis: RedisHealth) -> CacheChecks:
        """Redis, which the process can do without."""
        return CacheChecks((redis,))


def caching(settings: Settings) -> list[Provider]:
    """Providers of the cache, of limits and of their checks.

    :param settings: of the process; without an address of Redis it does without.
    """
    given = Provider(scope=Scope.APP)
    if settings.redis.url is None:
        given.provide(lambda: CacheChecks(()), provides=CacheChecks)
        return [given, NoCacheProvider(), LocalLimitsProvider()]
    given.provide(lambda: settings.redis, provides=RedisSettings)
    cache = RedisCacheProvider() if settings.redis.cache else NoCacheProvider()
    return [given, WithRedis(), RedisProvider(), cache]
