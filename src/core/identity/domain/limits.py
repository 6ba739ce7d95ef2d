"""How often what may be tried around people."""

from math import ceil
from uuid import UUID

from core.kernel.actor import Origin
from core.kernel.limits import Limit, Limited, RateLimiter, network_of

SIGN_IN = Limit("identity.sign_in", 30, 60.0)
SIGN_UP = Limit("identity.sign_up", 20, 60.0)
RESET = Limit("identity.reset", 20, 60.0)
CODE = Limit("identity.code", 20, 60.0)
"""By network: whoever tries many names from one place."""

SIGN_IN_FAILED = Limit("identity.sign_in_failed", 10, 60.0)
"""By network, those in vain alone."""

SIGN_IN_AS = Limit("identity.sign_in_as", 5, 300.0)
"""By name as seen from one network, those in vain alone."""

SIGN_UP_AS = Limit("identity.sign_up_as", 5, 300.0)
RESET_OF = Limit("identity.reset_of", 5, 60.0)
CODE_OF = Limit("identity.code_of", 10, 60.0)
RESEND_TO = Limit("identity.resend_to", 1, 10.0)
"""By name or account as seen from one network, so that nobody can lock out somebody who is somewhere else."""

PROVE = Limit("identity.prove", 5, 60.0)
"""By account: passwords that are typed by somebody who is signed in."""

SECOND_FACTOR = Limit("identity.second_factor", 5, 300.0)
"""By account and network."""


def key_of(who: UUID | str, origin: Origin) -> str:
    """An account, or the name of one, as seen from one network: who is somewhere else cannot use up its tries."""
    return f"{who}@{network_of(origin.address)}"


async def count(limiter: RateLimiter, limit: Limit, who: str) -> None:
    """Count one attempt.

    :raises Limited: it is one too many.
    """
    found = await limiter.attempt(limit, who)
    if not found.allowed:
        raise Limited(retry_after=max(1, ceil(found.retry_after)))
