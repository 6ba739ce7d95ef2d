"""The mock broker: what is appended is read, errors can be asked for."""

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from adapters.embedded.kafka import MockBroker

PRODUCE = 0
NOT_ENOUGH_REPLICAS = 19


async def test_what_is_appended_is_read(mock_kafka: MockBroker) -> None:
    mock_kafka.create_topic("embedded", 3)
    mock_kafka.push_errors(PRODUCE, [NOT_ENOUGH_REPLICAS])
    producer = AIOKafkaProducer(bootstrap_servers=mock_kafka.bootstrap)
    await producer.start()
    place = await producer.send_and_wait("embedded", b"value", key=b"key")
    await producer.stop()
    consumer = AIOKafkaConsumer("embedded", bootstrap_servers=mock_kafka.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    read = await consumer.getone()
    await consumer.stop()
    assert (read.partition, read.offset, read.value) == (place.partition, place.offset, b"value")
