"""The HTTP application, made from the table of operations."""

from collections.abc import Callable, Sequence
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.plugins import PluginProtocol
from litestar.types import ASGIApp

from core.kernel.signatures import SignatureVerifier
from entrypoints.http.callers import Callers
from entrypoints.http.edge import Edge
from entrypoints.http.gate import Gate
from entrypoints.http.operation import handle_of
from entrypoints.http.operations import OPERATIONS
from entrypoints.http.ops.site import Site
from entrypoints.http.options import options
from entrypoints.http.pages import pages
from entrypoints.http.panel.assets import asset_routes
from entrypoints.http.panel.error_pages import ErrorPages
from entrypoints.http.panel.panel import Panel
from entrypoints.http.panel.screens import Screen
from entrypoints.http.route import plain_route
from entrypoints.http.safety import Safety
from entrypoints.http.shortcut import Shortcut
from entrypoints.shared.metrics import Metrics


class Bare(Litestar):
    """Without plugins for the models of other libraries, which the framework adds for each that it finds."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return plugins


def create_app(
    objects: Callable[[type], Any],
    callers: Callers,
    verifier: SignatureVerifier,
    gate: Gate,
    site: Site,
    panel: Panel,
    screens: Sequence[Screen],
    errors: ErrorPages,
    safety: Safety,
    metrics: Metrics,
    others: Sequence[HTTPRouteHandler] = (),
) -> ASGIApp:
    """Make the application; nothing is resolved, compiled or looked up later that could be done here.

    :param objects: gives the use case, or other object, of a type that operations act on.
    :param callers: know who calls.
    :param verifier: knows senders who sign.
    :param gate: limits how often one caller may call.
    :param site: the page for those who run Soty.
    :param panel: serves all other pages, ``screens``.
    :param errors: answers for what is raised.
    :param safety: adds the headers that no answer goes without.
    :param others: routes that are neither operations nor pages.
    """
    served = [(each, handle_of(each, objects(each.acts_on), callers, verifier, gate)) for each in OPERATIONS]
    routes = [plain_route(each.method, each.path, each.summary, handle) for each, handle in served]
    inner = Bare(
        [*options(), *routes, *pages(), *asset_routes(), *site.routes(), *panel.routes(screens), *others],
        openapi_config=None,
        logging_config=None,
        exception_handlers={Exception: errors.answer},
        debug=False,
    )
    short = Shortcut(inner, [(each.method, each.path, handle) for each, handle in served], errors.problems)
    return Edge(short, safety, metrics)
