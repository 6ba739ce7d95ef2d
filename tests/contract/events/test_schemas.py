"""Messages and facts stay as the outside knows them."""

import json

import jsonschema_rs
import msgspec
import pytest

from core.inventory.domain.envelope import read_envelope
from core.inventory.domain.movement import Half
from entrypoints.cli.generated.asyncapi import CONTRACTS
from entrypoints.cli.generated.event_schemas import FACTS, MESSAGES, schema

GOLDEN = CONTRACTS / "golden"
SAMPLES = {
    "envelope.departure": "envelope.kafka",
    "envelope.arrival": "envelope.kafka",
    "envelope.webhook": "envelope.webhook",
    **{name: name for name in FACTS},
}


def test_everything_has_a_sample() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(SAMPLES)


@pytest.mark.parametrize("sample,name", SAMPLES.items())
def test_samples_keep_their_schemas(sample: str, name: str) -> None:
    shape = json.loads(schema(name))
    jsonschema_rs.meta.validate(shape)
    jsonschema_rs.validate(shape, json.loads((GOLDEN / f"{sample}.json").read_bytes()))


@pytest.mark.parametrize("sample,name", SAMPLES.items())
def test_samples_are_read_and_written_alike(sample: str, name: str) -> None:
    raw = (GOLDEN / f"{sample}.json").read_bytes()
    value = msgspec.json.decode(raw, type={**MESSAGES, **FACTS}[name])
    written = json.loads(msgspec.json.encode(value))
    assert {field: told for field, told in written.items() if told is not None} == json.loads(raw)


@pytest.mark.parametrize(
    "sample,strict,half",
    [
        ("envelope.departure", True, Half.DEPARTURE),
        ("envelope.arrival", True, Half.ARRIVAL),
        ("envelope.departure", False, Half.DEPARTURE),
        ("envelope.webhook", False, Half.DEPARTURE),
    ],
)
def test_samples_of_messages_are_events(sample: str, strict: bool, half: Half) -> None:
    assert read_envelope((GOLDEN / f"{sample}.json").read_bytes(), strict=strict).half is half
