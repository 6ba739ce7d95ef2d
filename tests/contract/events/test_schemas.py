"""Messages and facts stay as the outside knows them."""

import json
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest

from contracts.events.schemas import FACTS, GOLDEN, HERE, MEND, MESSAGES, SUFFIX, schemas, write
from core.inventory.domain.envelope import read_envelope
from core.inventory.domain.movement import Half

SAMPLES = {
    "envelope.departure": "envelope.kafka",
    "envelope.arrival": "envelope.kafka",
    "envelope.webhook": "envelope.webhook",
    **{name: name for name in FACTS},
}


@pytest.mark.parametrize("name", sorted(schemas()))
def test_a_schema_is_what_the_code_does(name: str) -> None:
    path = HERE / name
    same = path.exists() and path.read_bytes() == schemas()[name]
    hint = "a published fact never changes, give it a new version; " if name.removesuffix(SUFFIX) in FACTS else ""
    assert same, f"contracts/events/{name} differs from the code: {hint}if the change is meant, run: {MEND}"


def test_the_mending_command_writes_them_all(tmp_path: Path) -> None:
    (tmp_path / f"gone{SUFFIX}").touch()
    write(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == schemas()


def test_everything_has_a_schema_and_a_sample() -> None:
    assert {path.name for path in HERE.glob(f"*{SUFFIX}")} == set(schemas())
    assert {path.stem for path in GOLDEN.iterdir()} == set(SAMPLES)


@pytest.mark.parametrize("sample,name", SAMPLES.items())
def test_samples_keep_their_schemas(sample: str, name: str) -> None:
    schema = json.loads((HERE / f"{name}{SUFFIX}").read_bytes())
    jsonschema_rs.meta.validate(schema)
    jsonschema_rs.validate(schema, json.loads((GOLDEN / f"{sample}.json").read_bytes()))


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
