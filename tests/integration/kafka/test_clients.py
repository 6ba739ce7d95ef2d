"""What the clients of Kafka do when something is wrong."""

from collections.abc import AsyncIterator

import pytest
from aiokafka import TopicPartition

from adapters.embedded.kafka import MockBroker
from adapters.kafka.health import KafkaHealth
from adapters.kafka.publisher import KafkaMessagePublisher
from adapters.kafka.settings import KafkaSettings
from adapters.kafka.source import KafkaMessageSource
from adapters.kafka.watchdog import TRIES, Watchdog
from contracts.ports.message_source import some, take
from core.kernel.errors import Unavailable
from tests.support.kafka_log import KafkaLog

NOWHERE = KafkaSettings(bootstrap="127.0.0.1:1", topics=("nothing",))
OFFSET_COMMIT, FETCH = 8, 1
ILLEGAL_GENERATION, NOT_COORDINATOR, UNKNOWN_SERVER_ERROR = 22, 16, -1


@pytest.fixture
async def log(mock_kafka: MockBroker) -> AsyncIterator[KafkaLog]:
    log = KafkaLog(mock_kafka.bootstrap, 1, session_ms=2000)
    mock_kafka.create_topic(log.topic, 1)
    yield log
    await log.close()


async def test_without_a_broker_everything_is_unavailable() -> None:
    source, publisher = KafkaMessageSource(NOWHERE), KafkaMessagePublisher(NOWHERE)
    with pytest.raises(Unavailable):
        await source.next_batch()
    with pytest.raises(Unavailable):
        await publisher.publish("nothing", None, b"1")
    with pytest.raises(Unavailable):
        await KafkaHealth(source).check()
    assert source.lag() == {"nothing": 0}
    await source.close()
    await publisher.close()


async def test_is_well_once_the_group_gave_it_its_share(log: KafkaLog) -> None:
    source = await log.join()
    await log.publisher.publish(log.topic, None, b"1")
    await some(source)
    await KafkaHealth(source).check()
    await source.close()
    with pytest.raises(Unavailable):
        await KafkaHealth(source).check()


@pytest.mark.parametrize("code", [ILLEGAL_GENERATION, NOT_COORDINATOR, UNKNOWN_SERVER_ERROR])
async def test_a_refused_commit_is_a_hint(log: KafkaLog, mock_kafka: MockBroker, code: int) -> None:
    source = await log.join()
    await log.publisher.publish(log.topic, None, b"1")
    batch = await some(source)
    mock_kafka.push_errors(OFFSET_COMMIT, [code])
    await source.done(batch)
    assert not source.holds(batch)
    sent = await log.publisher.publish(log.topic, None, b"2")
    while sent not in await take(source, 1):
        pass
    assert await log.unfinished() == 0


async def test_a_link_that_is_cut_while_it_is_written_to_is_a_hint(log: KafkaLog) -> None:
    """A transport of uvloop that was closed says RuntimeError, which the client does not catch."""
    source = await log.join()
    sent = await log.publisher.publish(log.topic, None, b"1")
    batch = await some(source)
    assert source._consumer is not None
    with pytest.MonkeyPatch.context() as cut:
        cut.setattr(source._consumer, "commit", _cut)
        await source.done(batch)
        assert not source.holds(batch)
        cut.setattr(source._consumer, "getmany", _cut)
        with pytest.raises(Unavailable):
            await source.next_batch()
    assert sent in await take(source, 1)


async def _cut(*_: object, **__: object) -> None:
    raise RuntimeError("unable to perform operation on <TCPTransport closed=True>; the handler is closed")


async def test_goes_on_after_failed_fetches(log: KafkaLog, mock_kafka: MockBroker) -> None:
    source = await log.join()
    await log.publisher.publish(log.topic, None, b"1")
    await take(source, 1)
    mock_kafka.push_errors(FETCH, [UNKNOWN_SERVER_ERROR] * 3)
    sent = await log.publisher.publish(log.topic, None, b"2")
    assert await take(source, 1) == [sent]


async def test_the_watchdog_barks_when_there_are_messages_and_gives_up_in_the_end(log: KafkaLog) -> None:
    await log.publisher.publish(log.topic, None, b"1")
    watchdog, mine = Watchdog(log.settings, patience=10), [TopicPartition(log.topic, 0)]
    assert not await watchdog.barks(9, mine)
    for _ in range(TRIES - 1):
        assert await watchdog.barks(10, mine)
    with pytest.raises(RuntimeError, match="stuck"):
        await watchdog.barks(10, mine)


async def test_the_watchdog_is_quiet_when_silence_is_right(log: KafkaLog) -> None:
    await log.publisher.publish(log.topic, None, b"1")
    source = await log.join()
    await take(source, 1)
    watchdog, mine = Watchdog(log.settings, patience=10), [TopicPartition(log.topic, 0)]
    assert not await watchdog.barks(10, mine)
    assert not await watchdog.barks(10, [])
    assert not await Watchdog(NOWHERE, patience=10).barks(10, mine)
    assert await watchdog.barks(10, None)
    watchdog.feed()
    assert not await watchdog.barks(9, None)
