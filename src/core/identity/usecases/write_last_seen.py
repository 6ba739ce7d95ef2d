"""Write down which sessions were in use."""

from dataclasses import dataclass
from itertools import islice

from core.identity.domain.session import TOUCHED
from core.identity.sessions import SessionReader
from core.identity.traces import LastSeen
from core.kernel.actor import Actor

BATCH = 1000


@dataclass(frozen=True, slots=True)
class WriteLastSeen:
    """Keep when sessions were used, many at once and each once a minute at most."""

    seen: LastSeen
    sessions: SessionReader

    async def __call__(self, actor: Actor) -> int:
        """Write down all that was noted since the last time; nothing is asked of the store where nothing was.

        :returns: how many sessions were in use.
        :raises SotyError: the store did not take all of it; what it did not take is written down next time.
        """
        left = dict(sorted(self.seen.take().items()))
        found = len(left)
        try:
            while left:
                batch = dict(islice(left.items(), BATCH))
                await self.sessions.touch(batch, TOUCHED)
                for each in batch:
                    del left[each]
        finally:
            self.seen.put_back(left)
        return found
