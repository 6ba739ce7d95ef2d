"""How often one caller may call, told in the headers of the IETF draft (draft-ietf-httpapi-ratelimit-headers)."""

from math import ceil

from litestar.types import Scope

from core.kernel.actor import Actor, ActorKind
from core.kernel.limits import Limit, Limited, RateLimiter, network_of
from entrypoints.http.addresses import Addresses
from entrypoints.http.answer import Headers
from entrypoints.shared.metrics import Metrics

HEADERS_KEY = "soty.limit"


class Gate:
    """Counts calls by the name of the actor, or by address where nobody is named."""

    def __init__(self, limiter: RateLimiter, addresses: Addresses, rate: str | None, metrics: Metrics) -> None:
        """:param addresses: know from where a call of nobody comes.
        :param rate: such as ``100/60``, calls a seconds; None lets all pass and costs nothing."""
        self._limiter = limiter
        self._addresses = addresses
        self._passed, self._refused = (metrics.limited.labels(outcome) for outcome in ("passed", "refused"))
        self.limit: Limit | None = None
        if rate is not None:
            count, _, seconds = rate.partition("/")
            self.limit = Limit("http", int(count), float(seconds))

    async def admit(self, scope: Scope, actor: Actor) -> None:
        """Count a call, and leave headers about it for the answer.

        :raises Limited: it is one too many.
        """
        assert self.limit is not None
        found = await self._limiter.attempt(self.limit, self._who(scope, actor))
        policy = f'"http";q={self.limit.count};w={ceil(self.limit.seconds)}'
        left = f'"http";r={found.remaining};t={ceil(found.reset_after)}'
        headers: Headers = [(b"ratelimit-policy", policy.encode()), (b"ratelimit", left.encode())]
        scope[HEADERS_KEY] = headers  # type: ignore[literal-required]
        (self._passed if found.allowed else self._refused).inc()
        if not found.allowed:
            raise Limited(retry_after=max(1, ceil(found.retry_after)))

    def _who(self, scope: Scope, actor: Actor) -> str:
        if actor.kind is not ActorKind.ANONYMOUS:
            return f"actor:{actor.name}"
        return f"address:{network_of(self._addresses.of(scope))}"
