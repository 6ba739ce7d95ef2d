"""The page of events: every fact that modules tell, its fields, its order, and who hears it."""

from collections.abc import Iterator
from typing import Any

import msgspec

from core.kernel.facts import Fact
from entrypoints.cli.generated.asyncapi import order_of, sample_of
from entrypoints.cli.generated.event_schemas import FACTS, MESSAGES
from entrypoints.cli.generated.markdown import anchored, code, page, summary, table
from entrypoints.shared.modules import MODULES
from entrypoints.shared.wiring import KAFKA, subscriptions_of

ABOUT = """What is promised about them, and how a reaction is written, is told in
[the outbox](../explanation/outbox.md). For machines
they are in [asyncapi.json](../../contracts/kafka/asyncapi.json). A fact never changes its shape: what would break
readers is a new version. Those that are internal never leave Soty."""
SCHEMA = "../../contracts/events/{}.schema.json"
INCOMING = """Warehouses send movements, through Kafka or the [webhook](http.md). A message through Kafka is strict, one
through the webhook may leave out what the edge knows."""


def reference() -> str:
    """The page."""
    heads = ["message", "what it is"]
    messages = (
        [f"[`{name}`](../../contracts/events/{name}.schema.json)", summary(MESSAGES[name])] for name in MESSAGES
    )
    return page(
        "Events", ABOUT, "## What comes in", INCOMING, table(heads, messages), "## What is told", _list(), *_each()
    )


def heard_by(fact: type[Fact]) -> tuple[str, ...]:
    """Names of the subscribers of a fact, Kafka among them where it may leave Soty."""
    return subscriptions_of(*MODULES, kafka=True).of.get(fact, ())


def _list() -> str:
    rows = ([f"[`{name}`](#{name})", summary(fact), _heard(fact)] for name, fact in sorted(FACTS.items()))
    return table(["fact", "what it tells", "heard by"], rows)


def _heard(fact: type[Fact]) -> str:
    return ", ".join("Kafka" if name == KAFKA else f"`{name}`" for name in heard_by(fact))


def _each() -> Iterator[str]:
    for name, fact in sorted(FACTS.items()):
        yield f"### {anchored(name)}"
        order = order_of(fact) if fact.key is not Fact.key else "It has no order with any other."
        yield f"{summary(fact)} {order} [Schema]({SCHEMA.format(name)}), a sample:"
        yield f"```json\n{sample_of(fact).decode().strip()}\n```"
        yield table(["field", "type"], _fields(fact))


def _fields(fact: type[Fact]) -> Iterator[list[str]]:
    _, shapes = msgspec.json.schema_components([fact])
    for name, shape in shapes[fact.__name__]["properties"].items():
        yield [f"`{name}`", _type(shape, shapes)]


def _type(shape: dict[str, Any], shapes: dict[str, Any]) -> str:
    if "$ref" in shape:
        return _type(shapes[shape["$ref"].rpartition("/")[2]], shapes)
    if "anyOf" in shape:
        return " or ".join(_type(option, shapes) for option in shape["anyOf"])
    if "enum" in shape:
        return f"one of {code(shape['enum'])}"
    if shape["type"] == "array":
        return f"array of {_type(shape['items'], shapes)}"
    return f"{shape['type']} ({shape['format']})" if "format" in shape else str(shape["type"])
