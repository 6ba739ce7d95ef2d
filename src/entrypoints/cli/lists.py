"""`soty modules`, `adapters`, `routes` and `permissions`: what exists and how it is wired."""

from collections.abc import Iterable, Sequence

import click
import msgspec

from entrypoints.cli.generated import diagrams, ports
from entrypoints.cli.generated import permissions as granted
from entrypoints.cli.generated import routes as served
from entrypoints.cli.options import json_option
from entrypoints.shared.module_views import VIEWS


@click.group(invoke_without_command=True)
@click.pass_context
@json_option
def modules(context: click.Context, as_json: bool) -> None:
    """The modules of this build: what they own, use cases, facts, errors."""
    if context.invoked_subcommand is None:
        rows = (
            [each.name, f"{len(each.use_cases)} use cases", f"{len(each.facts)} facts", each.summary] for each in VIEWS
        )
        _show(VIEWS, rows, as_json)


@modules.command()
@click.option("--mermaid", is_flag=True, help="Write a Mermaid diagram.")
@json_option
def graph(mermaid: bool, as_json: bool) -> None:
    """Who uses whom, and who tells facts to whom."""
    if mermaid:
        click.echo(diagrams.graph())
        return
    edges = diagrams.edges()
    _show([edge._asdict() for edge in edges], ([str(edge)] for edge in edges), as_json)


@click.command()
@json_option
def adapters(as_json: bool) -> None:
    """Every port, the classes that keep it, and the contract suites that are run against them."""
    views = ports.port_views()
    rows = ([view.name, each.adapter, each.name, _bound(view, each)] for view in views for each in view.adapters)
    _show(views, rows, as_json)


@click.command()
@json_option
def routes(as_json: bool) -> None:
    """Every operation of HTTP with the permission that it needs."""
    found = served.routes()
    _show(found, ([each.method, each.path, each.permission or "public", each.summary] for each in found), as_json)


@click.command()
@json_option
def permissions(as_json: bool) -> None:
    """Every permission and what asks for it."""
    found = granted.permissions()
    rows = ([each.name, f"{len(each.routes)} routes", ", ".join(each.use_cases)] for each in found)
    _show(found, rows, as_json)


def _bound(view: ports.PortView, adapter: ports.Fulfilled) -> str:
    if not view.suites:
        return "no suite here"
    return f"bound to {', '.join(adapter.bound_to)}" if adapter.bound_to else "not bound"


def _show(found: Sequence[object], rows: Iterable[Sequence[str]], as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    lines = list(rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
