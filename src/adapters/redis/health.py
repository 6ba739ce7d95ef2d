"""Whether Redis answers."""

from adapters.redis.link import Away, Link
from core.kernel.errors import Unavailable
from core.kernel.health import HealthCheck


class RedisHealth(HealthCheck):
    """One PING; the process does its work without Redis too."""

    name = "redis"
    needed = False

    def __init__(self, link: Link) -> None:
        self._link = link

    async def check(self) -> None:
        """Ask."""
        try:
            await self._link.call("PING")
        except Away as error:
            raise Unavailable(part="redis", error="no answer") from error
