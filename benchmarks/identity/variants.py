"""The servers that are compared."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from benchmarks.identity.people import CHEAP, KEY, SECRET
from benchmarks.served import Variant
from benchmarks.servers import Servers

MODULES = {"identity": "benchmarks.http_ours", "peer": "benchmarks.identity.peers.fastapi_orm"}
PROXIES = ["127.0.0.1"]


class Compared(NamedTuple):
    """A variant by name: in whose schema it writes, and whether it has Redis."""

    name: str
    schema: str
    redis: bool = False

    def variant(
        self,
        servers: Servers,
        url: str,
        requests: Iterator[bytes],
        *,
        password: Sequence[int] = CHEAP,
        first: int = 0,
        hear: Callable[[bytes], object] = len,
    ) -> Variant:
        """The server over a database.

        :param password: KiB and passes of hashing one.
        """
        told: dict[str, Any] = {"url": url, "password": password}
        if self.schema == "peer":
            told |= {"key": KEY.hex()}
        else:
            told |= {"secret": SECRET, "proxies": PROXIES, "redis": servers.redis if self.redis else None}
        return Variant(self.name, MODULES[self.schema], told, requests, first, hear)


OURS = Compared("ours", "identity")
CACHED = Compared("ours:cached", "identity", redis=True)
PEER = Compared("fastapi_orm", "peer")
