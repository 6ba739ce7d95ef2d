"""JSON Schemas of the messages that warehouses send and of every published fact, drawn from their Structs.

Run as a program it writes them.
"""

from pathlib import Path
from typing import Any

import msgspec

from core.inventory.domain.envelope import KafkaEnvelope, KafkaWebhookRequest
from core.kernel.facts import Fact
from entrypoints.shared.modules import MODULES
from entrypoints.shared.schemas import tidy

HERE = Path(__file__).resolve().parent
GOLDEN = HERE / "golden"
SUFFIX = ".schema.json"
MEND = "PYTHONPATH=src .venv/bin/python -m contracts.events.schemas"

MESSAGES: dict[str, Any] = {"envelope.kafka": KafkaEnvelope, "envelope.webhook": KafkaWebhookRequest}
FACTS: dict[str, type[Fact]] = {f"{fact.name}.v{fact.version}": fact for module in MODULES for fact in module.facts}


def schemas() -> dict[str, bytes]:
    """Every schema by the name of its file."""
    shapes: dict[str, Any] = {**MESSAGES, **FACTS}
    return {f"{name}{SUFFIX}": _schema(name, shape) for name, shape in shapes.items()}


def write(folder: Path = HERE) -> None:
    """Write every schema into a folder, in place of those that are there."""
    for path in folder.glob(f"*{SUFFIX}"):
        path.unlink()
    for name, text in schemas().items():
        (folder / name).write_bytes(text)


def _schema(name: str, shape: Any) -> bytes:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:soty:{name}"}
    return msgspec.json.format(msgspec.json.encode(head | tidy(msgspec.json.schema(shape))), indent=2) + b"\n"


if __name__ == "__main__":
    write()
