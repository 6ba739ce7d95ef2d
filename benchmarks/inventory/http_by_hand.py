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
from benchmarks.serving import serve
from entrypoints.http.addresses import Addresses
from entrypoints.http.app import create_app
from entrypoints.http.callers import Callers
from entrypoints.http.cookies import Cookies
from entrypoints.http.gate import Gate
from entrypoints.http.ops.site import Site
from entrypoints.http.panel.error_pages import ErrorPages
from entrypoints.http.panel.panel import Panel
from entrypoints.http.panel.visit import Visits
from entrypoints.http.platform import Platform
from entrypoints.http.problems import Problems
from entrypoints.http.safety import Safety
from entrypoints.shared.metrics import Metrics
from entrypoints.shared.settings import Settings


async def main() -> None:
    """Serve until SIGTERM; only the platform can be asked."""
    clock, metrics = SystemClock(), Metrics()
    platform = Platform((), metrics, MemoryQuarantineReader(MemoryStore()), clock)
    settings, addresses = Settings(), Addresses(())
    gate = Gate(MemoryRateLimiter(clock), addresses, None, metrics)
    callers = Callers(ApiKeyAuthenticator(None, frozenset()), addresses, Cookies(settings), settings)
    unused: Any = None
    visits, errors = Visits(callers), ErrorPages(Problems(clock, Uuid7Ids()))
    objects: dict[type, Any] = {Platform: platform}
    await serve(
        create_app(
            objects.get,
            callers,
            HmacVerifier((), clock),
            gate,
            Site(unused, unused, gate, visits, unused),
            Panel(visits, errors, unused, clock),
            (),
            errors,
            Safety(settings),
            metrics,
        )
    )


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
