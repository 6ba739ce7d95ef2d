"""Limits that all processes count together, in Redis."""

from adapters.redis.link import Away, Link, Script
from core.kernel.clock import Clock
from core.kernel.limits import Allowance, Buckets, Limit, RateLimiter, allowance

ALONE = 4
"""Without Redis a process lets pass this part of a limit, since there may be others."""

ATTEMPT = Script("""
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local ahead = math.max(0, tonumber(redis.call('GET', KEYS[1]) or now) - now)
if ahead + interval <= most then
    local until_ = string.format('%.0f', now + ahead + interval)
    redis.call('SET', KEYS[1], until_, 'PX', math.ceil((ahead + interval) / 1000))
end
return ahead
""")

FORGIVE = Script("""
local until_ = redis.call('GET', KEYS[1])
if until_ then
    local time = redis.call('TIME')
    local now = time[1] * 1000000 + time[2]
    local ahead = tonumber(until_) - tonumber(ARGV[1]) - now
    if ahead > 0 then
        redis.call('SET', KEYS[1], string.format('%.0f', now + ahead), 'PX', math.ceil(ahead / 1000))
    else
        redis.call('DEL', KEYS[1])
    end
end
return 0
""")


class RedisRateLimiter(RateLimiter):
    """One script an attempt, by the clock of Redis, so that processes and their clocks need not agree.

    ``counted_alone`` are the attempts while it was away.
    """

    def __init__(self, link: Link, clock: Clock) -> None:
        """:param clock: for attempts while Redis is away."""
        self._link = link
        self._clock = clock
        self._alone = Buckets()
        self.counted_alone = 0

    async def attempt(self, limit: Limit, who: str) -> Allowance:
        """Count one attempt of somebody; a quarter of the limit passes in each process while Redis is away."""
        most = limit.interval * limit.count
        try:
            ahead: int = await self._link.run(ATTEMPT, [_key(limit, who)], limit.interval, most)
        except Away:
            self.counted_alone += 1
            return self._alone.attempt(_part(limit), who, self._clock.now())
        return allowance(limit, ahead)

    async def forgive(self, limit: Limit, who: str) -> None:
        """Take back one attempt of somebody, here while Redis is away."""
        try:
            await self._link.run(FORGIVE, [_key(limit, who)], limit.interval)
        except Away:
            self._alone.forgive(_part(limit), who)


def _key(limit: Limit, who: str) -> str:
    return f"soty:limit:{limit.name}:{who}"


def _part(limit: Limit) -> Limit:
    return Limit(limit.name, max(1, limit.count // ALONE), limit.seconds)
