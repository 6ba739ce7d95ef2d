"""The description of what goes through Kafka says what is sent and read."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import jsonschema_rs
import msgspec
import pytest

from adapters.kafka.outlet import HEADERS, cloud_event
from core.kernel.facts import Fact
from core.kernel.outbox import Delivery
from entrypoints.cli.generated.asyncapi import CONTRACTS, document, message_name, public_facts
from entrypoints.cli.generated.event_schemas import FACTS
from tests.support.desk import Desk

DESCRIBED: dict[str, Any] = msgspec.json.decode(document())
MESSAGES: dict[str, Any] = DESCRIBED["components"]["messages"]


def validator(message: str, part: str) -> jsonschema_rs.Validator:
    """What a message's payload or headers must be; references point into the whole description."""
    return jsonschema_rs.validator_for({**MESSAGES[message][part], "components": DESCRIBED["components"]})


def references(node: Any) -> Iterator[str]:
    for name, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if name == "$ref":
            yield value
        else:
            yield from references(value)


def delivery(fact: Fact) -> Delivery:
    return Delivery(
        subscriber="kafka",
        seq=1,
        id=UUID(int=7 << 76 | 1 << 63),
        name=fact.name,
        version=fact.version,
        key=fact.key(),
        lane=0,
        fence=1,
        payload=msgspec.json.encode(fact),
        occurred_at=Desk().clock.now(),
    )


def test_every_public_fact_is_in_the_channel_and_no_other() -> None:
    public = {name for name, fact in FACTS.items() if not fact.internal}
    assert public < set(FACTS)
    assert set(DESCRIBED["channels"]["facts"]["messages"]) == public
    assert set(MESSAGES) == {*public, "movement"}


def test_every_reference_leads_somewhere() -> None:
    found = set(references(DESCRIBED))
    assert found
    for reference in found:
        node: Any = DESCRIBED
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]


@pytest.mark.parametrize("fact", public_facts(), ids=message_name)
def test_what_is_sent_is_what_is_described(fact: type[Fact]) -> None:
    name = message_name(fact)
    told = msgspec.json.decode((CONTRACTS / f"golden/{name}.json").read_bytes(), type=fact)
    sent = msgspec.json.decode(cloud_event(delivery(told)))
    payload = validator(name, "payload")
    payload.validate(sent)
    validator(name, "headers").validate({key: value.decode() for key, value in HEADERS})
    assert set(sent) <= set(MESSAGES[name]["payload"]["properties"])
    for wrong in ({**sent, "type": "other"}, {**sent, "data": {}}, {**sent, "specversion": "0.3"}):
        assert not payload.is_valid(wrong)


@pytest.mark.parametrize("name", MESSAGES)
def test_examples_keep_their_schemas(name: str) -> None:
    assert MESSAGES[name]["examples"]
    for example in MESSAGES[name]["examples"]:
        validator(name, "payload").validate(example["payload"])
    assert MESSAGES[name]["bindings"]["kafka"]["key"]["description"]
