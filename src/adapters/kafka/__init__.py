"""Apache Kafka: taking batches of messages and appending to topics."""
