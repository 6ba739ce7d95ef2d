"""`soty events`: warehouse messages to Kafka, and facts on their way to subscribers."""

import asyncio
from collections.abc import Iterator
from typing import BinaryIO

import click
import msgspec

from entrypoints.cli.containers.publishing import publish as publish_messages
from entrypoints.cli.deliveries import dead, drop, replay
from entrypoints.cli.following import tail
from entrypoints.cli.options import json_option, profile_option, settings_of
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.runfile import read_run
from entrypoints.shared.settings import Settings
from entrypoints.shared.settings_fields import PAGE

Message = tuple[bytes | None, bytes]


class _Data(msgspec.Struct):
    movement_id: str | None = None


class _Envelope(msgspec.Struct):
    data: _Data = msgspec.field(default_factory=_Data)


@click.group()
def events() -> None:
    """Warehouse messages in, facts out."""


events.add_command(tail)
events.add_command(dead)
events.add_command(replay)
events.add_command(drop)


@events.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--topic", help="Topic to append to; unset: the first of SOTY_KAFKA_TOPICS.")
@click.option("--key", help="Key of every message; unset: the movement_id of each.")
@click.option("--raw", is_flag=True, help="Send the bytes as they are, as one message.")
@profile_option
@json_option
def publish(file: BinaryIO, topic: str | None, key: str | None, raw: bool, profile: str | None, as_json: bool) -> None:
    """Append the envelopes in FILE (standard input without it): one JSON value, or one on each line."""
    settings = _with_broker(settings_of({"SOTY_PROFILE": profile}))
    found = file.read()
    messages: list[Message] = [(None, found)] if raw else list(_messages(found))
    if key is not None:
        messages = [(key.encode(), value) for _, value in messages]
    asyncio.run(_publish(settings, topic or settings.kafka.topics[0], messages, as_json=as_json))


async def _publish(settings: Settings, topic: str, messages: list[Message], *, as_json: bool) -> None:
    async for place in publish_messages(settings, topic, messages):
        told = f"{place.topic} partition {place.partition} offset {place.offset}"
        click.echo(msgspec.json.encode(place) if as_json else told)


def _messages(found: bytes) -> Iterator[Message]:
    try:
        yield _message(found.strip())
    except msgspec.DecodeError:
        lines = [line for line in found.splitlines() if line.strip()]
        if len(lines) < 2:
            raise _not_json(1) from None
        for number, line in enumerate(lines, 1):
            try:
                yield _message(line)
            except msgspec.DecodeError:
                raise _not_json(number) from None


def _message(value: bytes) -> Message:
    msgspec.json.decode(value)
    try:
        envelope = msgspec.json.decode(value, type=_Envelope)
    except msgspec.ValidationError:
        return None, value
    return envelope.data.movement_id.encode() if envelope.data.movement_id else None, value


def _not_json(number: int) -> FaultError:
    fault = Fault(
        f"message {number} is not JSON", "standard input or FILE", "mend it, or send the bytes as they are with --raw"
    )
    return FaultError([fault], Exit.USAGE)


def _with_broker(settings: Settings) -> Settings:
    if settings.kafka.bootstrap:
        return settings
    running = read_run(settings.app.data_dir)
    if running is None or running.kafka is None:
        fault = Fault(
            "there is no Kafka broker to send to",
            f"SOTY_KAFKA_BOOTSTRAP and {settings.app.data_dir / 'run.json'}",
            "start ./soty up in another terminal, or export SOTY_KAFKA_BOOTSTRAP=host:9092",
            f"{PAGE}#soty_kafka_bootstrap",
        )
        raise FaultError([fault], Exit.SERVICE_DOWN)
    return msgspec.structs.replace(settings, kafka=msgspec.structs.replace(settings.kafka, bootstrap=running.kafka))
