"""The AsyncAPI 3.0 description of what goes through Kafka, made from the manifests and the schemas of contracts."""

from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

import msgspec

from core.kernel.facts import Fact
from entrypoints.cli.containers.servers import EVENTS_TOPIC
from entrypoints.cli.generated.markdown import MEND, summary
from entrypoints.shared.fault import Fault, FaultError
from entrypoints.shared.modules import MODULES
from entrypoints.shared.schemas import tidy
from entrypoints.shared.settings import ROOT, Settings

CONTRACTS = ROOT / "contracts/events"
REF = "#/components/schemas/{name}"
MEDIA = "application/cloudevents+json; charset=UTF-8"
NEW_VERSION = "a published fact never changes its shape: a change that breaks readers is a new version"
BINDING = "0.5.0"
ID, TIME = "01900000-0000-7000-8000-000000000001", "2026-01-01T12:00:00Z"
ABOUT = """Movements of goods come in from warehouses, facts about them go out.

Everything is a CloudEvents 1.0 envelope in structured mode and may come more than once: `id` stays the same. Facts of
one key come in the order in which they were committed, those of different keys in any order. A fact never changes its
shape: what breaks readers is a new `dataschema`."""
MOVEMENTS = """Messages about one movement may come in any order, any number of times and through several topics. A
message that cannot be applied goes into quarantine inside Soty, not to another topic, and the others go on."""
FACTS = """Every fact that modules publish for others. `SOTY_KAFKA_EVENTS_TOPIC` names the topic; without it nothing is
sent. The key decides the partition, so facts of one key keep their order. A fact that no broker takes is kept aside
with its reason, and holds back those of its key alone until an operator decides."""


def document() -> str:
    """The whole description as JSON text, the same at every call.

    :raises FaultError: a fact has no sample in contracts/events/golden.
    """
    return msgspec.json.format(msgspec.json.encode(tidy(_described())), indent=2).decode() + "\n"


def public_facts() -> list[type[Fact]]:
    """Facts that leave Soty, by name and version."""
    facts = (fact for module in MODULES for fact in module.facts if not fact.internal)
    return sorted(facts, key=lambda fact: (fact.name, fact.version))


def message_name(fact: type[Fact]) -> str:
    """The name of a fact's message in the description."""
    return f"{fact.name}.v{fact.version}"


def order_of(fact: type[Fact]) -> str:
    """With which others a fact keeps its order, in a sentence."""
    return summary(fact.key)


def sample_of(fact: type[Fact]) -> bytes:
    """The committed sample of a fact as JSON text.

    :raises FaultError: there is none, or it is not of this shape any more.
    """
    path = CONTRACTS / f"golden/{message_name(fact)}.json"
    try:
        raw = path.read_bytes()
        msgspec.json.decode(raw, type=fact)
    except (FileNotFoundError, msgspec.DecodeError) as error:
        wrong = f"{message_name(fact)} has no sample that fits: {error}"
        raise FaultError(
            [Fault(wrong, str(path.relative_to(ROOT)), f"write one by hand, then {MEND}", NEW_VERSION)]
        ) from error
    return raw


def _described() -> dict[str, Any]:
    facts, settings = public_facts(), Settings()
    messages = {"movement": _movement(), **{message_name(fact): _message(fact) for fact in facts}}
    _, schemas = msgspec.json.schema_components(facts, ref_template=REF)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Soty", "version": "1", "description": ABOUT, "license": {"name": "MIT"}},
        "defaultContentType": MEDIA,
        "servers": {
            "kafka": {
                "host": "localhost:9092",
                "protocol": "kafka",
                "description": "The brokers that `SOTY_KAFKA_BOOTSTRAP` names.",
            }
        },
        "channels": {
            "movements": _channel(settings.kafka.topics[0], cleandoc(MOVEMENTS), ["movement"]),
            "facts": _channel(EVENTS_TOPIC, cleandoc(FACTS), [message_name(fact) for fact in facts]),
        },
        "operations": {
            "receiveMovements": _operation("receive", "movements", "Take movements into the books.")
            | {
                "bindings": {
                    "kafka": {
                        "groupId": {"type": "string", "enum": [settings.kafka.group]},
                        "bindingVersion": BINDING,
                    }
                }
            },
            "sendFacts": _operation("send", "facts", "Tell what happened."),
        },
        "components": {"messages": messages, "schemas": dict(sorted({**schemas, **_envelope_schemas()}.items()))},
    }


def _channel(topic: str, about: str, messages: list[str]) -> dict[str, Any]:
    return {
        "address": topic,
        "description": about,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {"kafka": {"topic": topic, "bindingVersion": BINDING}},
    }


def _operation(action: str, channel: str, summary: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}, "summary": summary}


def _movement() -> dict[str, Any]:
    return {
        "name": "ru.retail.warehouses.movement",
        "title": "Movement",
        "summary": "One half of a movement: goods left a warehouse, or came to one.",
        "contentType": "application/json",
        "payload": {"$ref": REF.format(name="KafkaEnvelope")},
        "bindings": _key("The movement's id by custom; Soty does not rely on it."),
        "examples": [
            {"name": half, "payload": msgspec.json.decode((CONTRACTS / f"golden/envelope.{half}.json").read_bytes())}
            for half in ("departure", "arrival")
        ],
    }


def _message(fact: type[Fact]) -> dict[str, Any]:
    name = message_name(fact)
    sample = sample_of(fact)
    constants = {
        "specversion": "1.0",
        "source": "soty",
        "type": fact.name,
        "datacontenttype": "application/json",
        "dataschema": f"urn:soty:{name}",
    }
    key = msgspec.json.decode(sample, type=fact).key()
    event = {"id": ID, "time": TIME, **({"subject": key} if key else {}), "data": msgspec.json.decode(sample)}
    return {
        "name": fact.name,
        "title": fact.__name__,
        "summary": summary(fact),
        "contentType": MEDIA,
        "headers": {"type": "object", "properties": {"content-type": {"const": MEDIA}}, "required": ["content-type"]},
        "payload": _cloud_event(constants, REF.format(name=fact.__name__)),
        "bindings": _key(order_of(fact)),
        "examples": [{"name": name, "headers": {"content-type": MEDIA}, "payload": constants | event}],
    }


def _cloud_event(constants: dict[str, str], data: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            **{name: {"const": value} for name, value in constants.items()},
            "id": {"type": "string", "format": "uuid", "description": "The same whenever the fact is sent again."},
            "time": {"type": "string", "format": "date-time", "description": "When the fact was committed."},
            "subject": {"type": "string", "description": "The key; absent where there is none."},
            "data": {"$ref": data},
        },
        "required": [*constants, "id", "time", "data"],
    }


def _key(about: str) -> dict[str, Any]:
    return {"kafka": {"key": {"type": "string", "description": about}, "bindingVersion": BINDING}}


def _envelope_schemas() -> dict[str, Any]:
    schema = msgspec.json.decode((CONTRACTS / "envelope.kafka.schema.json").read_bytes())
    return {name: _moved(shape) for name, shape in schema["$defs"].items()}


def _moved(shape: Any) -> Any:
    """A copy whose references point into the components."""
    if isinstance(shape, dict):
        return dict(_moved_items(shape))
    return [_moved(each) for each in shape] if isinstance(shape, list) else shape


def _moved_items(shape: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in shape.items():
        if name == "$ref":
            yield name, REF.format(name=value.removeprefix("#/$defs/"))
        else:
            yield name, _moved(value)
