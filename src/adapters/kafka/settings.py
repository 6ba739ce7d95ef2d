"""Settings of the Kafka adapter."""

from typing import Annotated

from msgspec import Meta, Struct

Address = Annotated[str, Meta(pattern=r"^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$")]
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,249}$")]


class KafkaSettings(Struct, frozen=True, kw_only=True):
    """Where Kafka is, what is read and in whose name."""

    bootstrap: Annotated[
        Address | None,
        Meta(
            description="First brokers, separated by commas; unset: the embedded mock broker, in prod no consumer.",
            examples=["kafka-1:9092,kafka-2:9092"],
        ),
    ] = None
    events_topic: Annotated[
        Name | None, Meta(description="Topic that published facts are sent to; unset: they stay inside.")
    ] = None
    group: Annotated[Name, Meta(description="Consumer group of all consumer processes.")] = "soty"
    instance: Annotated[
        Name | None,
        Meta(
            description="Name of this consumer in its group, no other's and the same after a restart: its partitions "
            "then wait 10 s for it to come back; unset: each start is a new member.",
            examples=["consumer-0"],
        ),
    ] = None
    topics: Annotated[
        tuple[Name, ...],
        Meta(min_length=1, description="Topics of warehouse movements, separated by commas."),
    ] = ("ru.retail.warehouses",)
