"""The HTTP application, made from the table of operations."""

from collections.abc import Callable
from typing import Any

from litestar import Litestar
from litestar.types import ASGIApp

from core.kernel.auth import Authenticator
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.signatures import SignatureVerifier
from entrypoints.http.edge import Edge
from entrypoints.http.gate import Gate
from entrypoints.http.operation import route_of
from entrypoints.http.operations import OPERATIONS
from entrypoints.http.ops.site import Site
from entrypoints.http.options import options
from entrypoints.http.pages import pages
from entrypoints.http.problems import Problems
from entrypoints.shared.metrics import Metrics


def create_app(
    objects: Callable[[type], Any],
    authenticator: Authenticator,
    verifier: SignatureVerifier,
    gate: Gate,
    site: Site,
    clock: Clock,
    ids: Ids,
    metrics: Metrics,
) -> ASGIApp:
    """Make the application; nothing is resolved, compiled or looked up later that could be done here.

    :param objects: gives the use case, or other object, of a type that operations act on.
    :param authenticator: turns credentials into actors.
    :param verifier: knows senders who sign.
    :param gate: limits how often one caller may call.
    :param site: the page for those who run Soty.
    """
    problems = Problems(clock, ids)
    routes = [
        route_of(operation, objects(operation.acts_on), authenticator, verifier, gate) for operation in OPERATIONS
    ]
    inner = Litestar(
        [*options(), *routes, *pages(), *site.routes()],
        openapi_config=None,
        logging_config=None,
        exception_handlers={Exception: problems.answer},
        debug=False,
    )
    return Edge(inner, metrics)
