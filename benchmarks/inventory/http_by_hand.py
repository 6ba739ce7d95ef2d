"""Our application with its objects made by hand: what the container costs is the difference."""

import json
import sys
from typing import Any

import uvloop

from adapters.memory.limits import MemoryRateLimiter
from adapters.memory.quarantine_reader import MemoryQuarantineReader
from adapters.memory.store import MemoryStore
from adapters.security.authenticators import ApiKeyAuthenticator
from adapters.security.signatures import HmacVerifier
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from benchmarks.inventory.peers.serving import serve
from entrypoints.http.app import create_app
from entrypoints.http.gate import Gate
from entrypoints.http.ops.site import Site
from entrypoints.http.panel.error_pages import ErrorPages
from entrypoints.http.panel.panel import Panel
from entrypoints.http.panel.visit import Visits
from entrypoints.http.platform import Platform
from entrypoints.http.problems import Problems
from entrypoints.shared.metrics import Metrics


async def main() -> None:
    """Serve until SIGTERM; only the platform can be asked."""
    clock, metrics = SystemClock(), Metrics()
    platform = Platform((), metrics, MemoryQuarantineReader(MemoryStore()), clock)
    gate = Gate(MemoryRateLimiter(clock), None, metrics)
    unused: Any = None
    visits, errors = Visits(unused), ErrorPages(Problems(clock, Uuid7Ids()))
    objects: dict[type, Any] = {Platform: platform}
    await serve(
        create_app(
            objects.get,
            ApiKeyAuthenticator(None, frozenset()),
            HmacVerifier((), clock),
            gate,
            Site(unused, unused, gate, visits),
            Panel(visits, errors),
            (),
            errors,
            metrics,
        )
    )


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
