"""JSON Schemas of the messages that warehouses send and of every published fact, drawn from their Structs."""

from typing import Any

import msgspec

from core.inventory.usecases.receive_message import MessageShape, RequestShape
from core.kernel.facts import Fact
from entrypoints.shared.modules import MODULES
from entrypoints.shared.schemas import tidy

MESSAGES: dict[str, Any] = {"envelope.kafka": MessageShape, "envelope.webhook": RequestShape}
FACTS: dict[str, type[Fact]] = {f"{fact.name}.v{fact.version}": fact for module in MODULES for fact in module.facts}


def schema(name: str) -> str:
    """The schema of a message or fact as JSON text.

    :param name: a key of ``MESSAGES`` or ``FACTS``.
    """
    shape = msgspec.json.schema({**MESSAGES, **FACTS}[name])
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:soty:{name}"}
    return msgspec.json.format(msgspec.json.encode(head | tidy(shape)), indent=2).decode() + "\n"
